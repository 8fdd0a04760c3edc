"""The packages for Debian and its kin: what lies where in them, and what they say of themselves.

They hold no scripts: desktop entries, icons and manual pages are taken up by the triggers of the packages that own
those folders. So nothing is left behind when they are removed, but the person's library, which is not theirs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import licences
from frozen_folder import INTERNAL, FrozenFolder
from needed import depends, needs
from setting_up import step
from squeezing import squeeze
from virtual_env import Environment

HOME = Path("usr/lib/inkstone")
OCR = "inkstone-ocr"
MAINTAINER = "Inkstone developers <inkstone@localhost>"
CHANGELOG = """inkstone ({version}) unstable; urgency=medium

  * What changed is told by the history of the project's repository.

 -- {maintainer}  {date}
"""
RECOMMENDED = ("fonts-noto-cjk | fonts-wqy-microhei", "xdg-utils")  # Chinese is boxes without a font for it


class Texts:
    """Everything in a package beside the program: icons (drawn before), manual pages, everybody's licences."""

    def __init__(self, environment: Environment, root: Path, folder: Path) -> None:
        self._environment = environment
        self._root = root
        self._folder = folder

    def into(self, staging: Path, version: str) -> None:
        share, linux = staging / "usr/share", self._root / "packaging" / "linux"
        place(linux / "inkstone.desktop", share / "applications")
        place(linux / "inkstone.xml", share / "mime/packages")
        place(self._root / "desktop_app/resources/inkstone.svg", share / "icons/hicolor/scalable/apps")
        for picture in (self._folder / "pictures").glob("inkstone-*.png"):
            size = picture.stem.rpartition("-")[2]
            place(picture, share / f"icons/hicolor/{size}x{size}/apps", "inkstone.png")
        manual = self._folder / "manual"
        script = str(self._root / "packaging/inside/manual.py")
        step("Writing the manual", [str(self._environment.python), script, str(manual), version], self._root)
        pack(manual / "inkstone.1", share / "man/man1/inkstone.1.gz")
        pack(manual / "inkstone.zh_CN.1", share / "man/zh_CN/man1/inkstone.1.gz")
        documents = share / "doc/inkstone"
        place(linux / "copyright", documents)
        changes = CHANGELOG.format(version=version, maintainer=MAINTAINER, date=format_datetime(changed(self._root)))
        (self._folder / "changelog").write_text(changes, "utf-8")
        pack(self._folder / "changelog", documents / "changelog.gz")
        place(linux / "lintian-overrides", share / "lintian/overrides", "inkstone")
        licences.collect(self._environment.site_packages, documents / "licences")
        place(self._root / "LICENSE", documents / "licences", "AGPL-3.0.txt")


def base(frozen: FrozenFolder, texts: Texts, version: str, out: Path, packer: str) -> Path:
    """The program. Raises SetupFailed."""
    staging = fresh(frozen, "inkstone")
    frozen.copy(staging / HOME, ocr=False)
    (staging / "usr/bin").mkdir(parents=True)
    (staging / "usr/bin/inkstone").symlink_to("../lib/inkstone/inkstone")
    texts.into(staging, version)
    libraries = frozen.libraries(ocr=False)
    given = {library.name for library in libraries}
    for_wayland = [library for library in libraries if "wayland" in library.as_posix().lower()]
    wanted = depends(needs([library for library in libraries if library not in for_wayland], given))
    wished = depends(needs(for_wayland, given), besides=[each.split(" ")[0] for each in wanted])
    fields = {
        "Depends": ", ".join(wanted),
        "Recommends": ", ".join([*RECOMMENDED, *(each for each in wished if each not in wanted)]),
        "Suggests": OCR,
        "Section": "text",
        "Description": "knowledge assistant for your own documents, offline\n"
        " Drop folders in, ask in Chinese or English, and get an answer quoted word for\n"
        " word, each claim linked to its page and passage. Nothing leaves the computer:\n"
        " the program opens no network connection.",
    }
    return packed(staging, "inkstone", version, fields, out, packer)


def ocr(frozen: FrozenFolder, version: str, out: Path, packer: str) -> Path:
    """What recognises scans: files that go beside the program's own, of exactly its version."""
    staging = fresh(frozen, OCR)
    frozen.copy(staging / HOME, ocr=True)
    document_as_base(staging, OCR)
    given = {library.name for library in [*frozen.libraries(ocr=True), *frozen.libraries(ocr=False)]}
    fields = {
        "Depends": ", ".join([f"inkstone (= {version})", *depends(needs(frozen.libraries(ocr=True), given))]),
        "Section": "text",
        "Description": "recognition of scanned pages for Inkstone\n"
        " PP-OCRv6 for Chinese and English, which runs on this computer: scanned pages\n"
        " can be found and quoted once it is installed.",
    }
    return packed(staging, OCR, version, fields, out, packer)


def model(folder: Path, environment: Environment, root: Path, version: str, work: Path, out: Path) -> Path:
    """A package of its own for the model in `folder` (with `model.json`), at hand for everyone once it is installed.

    Raises SetupFailed, also where its files are not what `model.json` says.
    """
    check = "import sys; from pathlib import Path; from engine.models.manifest import Manifest as M; "
    check += "folder = Path(sys.argv[1]); M.load(folder).verify(folder)"
    step(f"Checking {folder.name}", [str(environment.python), "-c", check, str(folder)], root)
    name = str(json.loads((folder / "model.json").read_text("utf-8"))["name"])
    staging = emptied(work / "staging" / f"model {name}")
    to = staging / HOME / INTERNAL / "engine/models/shipped" / name
    shutil.copytree(folder, to)
    package = f"inkstone-model-{name.lower().replace('_', '-')}"
    document_as_base(staging, package)
    fields = {
        "Depends": f"inkstone (>= {version})",
        "Section": "text",
        "Description": f"model {name} for Inkstone\n Choose it in the settings, or by `inkstone models use {name}`.",
    }
    # weights are noise to a packer: the time is not worth the few percent
    return packed(staging, package, version, fields, out, "none")


def packed(staging: Path, name: str, version: str, fields: dict[str, str], out: Path, packer: str) -> Path:
    """`packer` is "xz", or "none"."""
    control = staging / "DEBIAN" / "control"
    control.parent.mkdir()
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    every = {
        "Package": name,
        "Version": version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(installed_kib(staging)),
        "Priority": "optional",
        **fields,
    }
    control.write_text("".join(f"{field}: {value}\n" for field, value in every.items() if value), "utf-8")
    made = out / f"{name}_{version}_{architecture}.deb"
    step(f"Packing {made.name}", ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(staging), str(made)], out)
    if packer == "xz":
        squeeze(made)
    return made


def fresh(frozen: FrozenFolder, name: str) -> Path:
    """An empty folder on the disk of the program's folder, so that its files can be linked."""
    return emptied(frozen.path.parent / "staging" / name)


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    return folder


def changed(root: Path) -> datetime:
    """When the checkout was last committed to: the same build gives the same file."""
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return datetime.fromtimestamp(
        int(done.stdout) if done.returncode == 0 else (root / "pyproject.toml").stat().st_mtime, UTC
    )


def document_as_base(staging: Path, name: str) -> None:
    """The licences of a package that is nothing without the program lie with the program's."""
    (staging / "usr/share/doc").mkdir(parents=True)
    (staging / "usr/share/doc" / name).symlink_to("inkstone")


def place(file: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (name or file.name)
    shutil.copyfile(file, target)
    target.chmod(0o644)


def pack(file: Path, target: Path) -> None:
    """With gzip, as Debian wants manual pages; the same file each time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["gzip", "-9nc", str(file)], capture_output=True, check=True)
    target.write_bytes(done.stdout)


def installed_kib(staging: Path) -> int:
    return sum(-(-size // 1024) for size in sizes(staging.rglob("*")))


def sizes(paths: Iterable[Path]) -> Iterable[int]:
    return (path.lstat().st_size for path in paths if path.is_symlink() or path.is_file())
