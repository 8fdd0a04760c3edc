"""What goes into the packages, and what they want of the system, told by made-up libraries."""

from __future__ import annotations

import importlib.util
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import psutil
import pymupdf
import pytest
from clean_root import CleanRoot
from debian import packed
from frozen_folder import FrozenFolder
from icu import contents, kept
from leaving_out import is_carried, is_for_ocr, is_wanted, linked, may_be_stripped
from licences import collect
from made_documents import ANSWER, PAGE, PAGES, pdf
from needed import Needs, depends, read
from project import own_data
from screen import changed, png, rows_of
from setting_up import SetupFailed
from sizes import counted, part_of
from stripping import loads, strip

from engine.cli import main

INSIDE = Path(__file__).resolve().parents[2] / "packaging" / "inside"
TOLD = """
File: _internal/PySide6/Qt/lib/libQt6Gui.so.6
 0x0000000000000001 (NEEDED)             Shared library: [libEGL.so.1]
 0x0000000000000001 (NEEDED)             Shared library: [libglib-2.0.so.0]
 0x0000000000000001 (NEEDED)             Shared library: [libQt6Core.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x000000000000000e (SONAME)             Library soname: [libQt6Gui.so.6]
  0x00a0:   Name: GLIBC_2.4  Flags: none  Version: 9
  0x00b0:   Name: GLIBC_2.34  Flags: none  Version: 8
  0x00c0:   Name: GLIBCXX_3.4.29  Flags: none  Version: 3
"""


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, INSIDE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",  # Chinese is typed through it
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "numpy.libs/libscipy_openblas64_.so",
        "rapidocr/models/PP-OCRv6_det_small.onnx",
        "engine/models/shipped/inkstone-embed-small/model.onnx",
    ],
)
def test_what_is_needed_stays(name: str) -> None:
    assert is_wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/qml/QtQuick/x.so",
        "onnx/backend/test/data/x.pb",
        "PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libivi-shell.so",
        "PySide6/Qt/lib/libQt6EglFsKmsSupport.so.6",
        "pymupdf/mupdf-devel/include/x.h",
        "rapidocr/models/PP-OCRv5_det_mobile.onnx",
    ],
)
def test_what_is_not_needed_goes(name: str) -> None:
    assert not is_wanted(name)


def test_link_goes_with_the_library_that_it_leads_to() -> None:
    assert linked("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6") == "PySide6/Qt/lib/libQt6Qml.so.6"
    assert linked("numpy/x.so", "../numpy.libs/x.so") == "numpy.libs/x.so"


def test_libraries_of_the_desktop_are_the_systems() -> None:
    assert not is_carried("libX11.so.6", "/usr/lib/x86_64-linux-gnu/libX11.so.6")
    assert not is_carried("libstdc++.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6")
    assert is_carried("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3")
    assert is_carried("numpy.libs/libgfortran.so.5", "/home/li/venv/lib/python3.11/site-packages/numpy.libs/x.so")
    assert is_carried("lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so")


def test_only_libraries_that_survive_it_are_stripped() -> None:
    assert may_be_stripped("ctranslate2/_ext.cpython-311-x86_64-linux-gnu.so")
    assert may_be_stripped("ctranslate2.libs/libctranslate2-a7a60d30.so.4.8.5")
    assert may_be_stripped("libpython3.11.so.1.0")
    assert not may_be_stripped("numpy.libs/libscipy_openblas64_-6bb31eeb.so")
    assert not may_be_stripped("engine/models/shipped/inkstone-embed-small/model.onnx")


def test_library_that_does_not_load_is_not_taken(tmp_path: Path) -> None:
    assert not loads(tmp_path / "missing.so", Path(sys.executable))
    (tmp_path / "broken.so").write_bytes(b"\x7fELF and no more")
    assert not loads(tmp_path / "broken.so", Path(sys.executable))
    assert strip([tmp_path / "broken.so"], Path(sys.executable)) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["broken.so"]


def test_icu_keeps_what_qt_asks_for() -> None:
    items = [
        (b"icudt73l/coll/zh.res", b"how Chinese is sorted"),
        (b"icudt73l/gb18030.cnv", b"an encoding"),
        (b"icudt73l/root.res", b"everybody"),
        (b"icudt73l/unit/zh.res", b"what a metre is called"),
    ]
    head = struct.pack("<H2sHHBBBB4s", 32, b"\xda\x27", 20, 0, 0, 0, 2, 0, b"CmnD").ljust(32, b"\0")
    made = kept(b"an ELF's own" + head + contents(items))
    assert made[:32] == head
    table = made[32:]
    (count,) = struct.unpack_from("<I", table)
    entries = [struct.unpack_from("<II", table, 4 + 8 * index) for index in range(count)]
    names = [table[name : table.index(b"\0", name)] for name, _ in entries]
    assert names == [b"icudt73l/coll/zh.res", b"icudt73l/root.res"]
    assert all(table[place:].startswith(items[index][1]) for index, (_, place) in zip((0, 2), entries, strict=True))
    assert all((32 + place) % 16 == 0 for _, place in entries)
    assert b"metre" not in made


def test_needed_entries_become_packages_with_versions() -> None:
    found = read(TOLD)
    assert found.names == {"libEGL.so.1", "libglib-2.0.so.0", "libQt6Core.so.6", "libc.so.6"}
    assert (found.glibc, found.glibcxx) == ((2, 34), 29)
    found.names = (found.names | {"libstdc++.so.6"}) - {"libQt6Core.so.6"}
    assert depends(found) == [
        "libc6 (>= 2.34)",
        "libegl1",
        "libglib2.0-0t64 | libglib2.0-0",
        "libstdc++6 (>= 11)",
    ]
    assert depends(found, besides=["libc6", "libegl1"]) == ["libglib2.0-0t64 | libglib2.0-0", "libstdc++6 (>= 11)"]


def test_library_of_no_known_package_stops_the_build() -> None:
    with pytest.raises(SetupFailed, match=r"libodd\.so\.3"):
        depends(Needs({"libodd.so.3"}))


@pytest.fixture
def frozen(tmp_path: Path) -> FrozenFolder:
    folder = tmp_path / "inkstone"
    for name, size in (("inkstone", 7), ("_internal/cv2/cv2.so", 5), ("_internal/PIL/a.so", 3), ("_internal/b.so", 2)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * size)
    (folder / "_internal/link.so").symlink_to("b.so")
    (folder / "_internal/cv2.so").symlink_to("cv2/cv2.so")
    return FrozenFolder(folder)


def test_every_file_is_in_one_package_alone(frozen: FrozenFolder, tmp_path: Path) -> None:
    base, ocr = ({path.as_posix() for path in frozen.files(ocr)} for ocr in (False, True))
    assert base == {"inkstone", "_internal/b.so", "_internal/link.so"}
    assert ocr == {"_internal/cv2/cv2.so", "_internal/cv2.so", "_internal/PIL/a.so"}
    frozen.copy(tmp_path / "to", ocr=False)
    assert (tmp_path / "to/_internal/link.so").readlink() == Path("b.so")
    assert (tmp_path / "to/inkstone").read_bytes() == b"x" * 7
    assert counted(frozen, ocr=True)["PIL"] == 3
    assert counted(frozen, ocr=True)["cv2"] == 5 + len("cv2/cv2.so")
    assert is_for_ocr("shapely.libs/libgeos.so")
    assert not is_for_ocr("")


def test_every_file_beside_our_modules_is_in_the_program(frozen: FrozenFolder, tmp_path: Path) -> None:
    for name in ("guide/en.md", "guide/pages.py", "translations/zh.ts", "translations/zh.qm", "__pycache__/a.pyc"):
        file = tmp_path / "desktop_app" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    assert [path.as_posix() for path in own_data(tmp_path)] == [
        "desktop_app/guide/en.md",
        "desktop_app/translations/zh.qm",
    ]
    with pytest.raises(SetupFailed, match=r"en\.md, desktop_app/translations/zh\.qm"):
        frozen.check_data(tmp_path)
    for path in own_data(tmp_path):
        (frozen.path / "_internal" / path).parent.mkdir(parents=True)
        (frozen.path / "_internal" / path).touch()
    frozen.check_data(tmp_path)


def test_parts_are_called_by_their_library() -> None:
    assert part_of(Path("_internal/ctranslate2.libs/libctranslate2.so")) == "ctranslate2"
    assert part_of(Path("_internal/libpython3.11.so.1.0")) == "Python and its libraries"
    shipped = Path("_internal/engine/models/shipped/inkstone-embed-small/model.onnx")
    assert part_of(shipped) == "model inkstone-embed-small"


def test_licences_of_each_library_go_along(tmp_path: Path) -> None:
    for name, files in {
        "numpy-2.4.6.dist-info": {"licenses/LICENSE.txt": "BSD"},
        "odd-1.dist-info": {"METADATA": "Name: odd\nLicense: MIT\n\nLong text"},
        "pip-25.dist-info": {"LICENSE": "MIT"},
    }.items():
        for file, text in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(text)
    collect(tmp_path, tmp_path / "to")
    found = {path.relative_to(tmp_path / "to").as_posix() for path in (tmp_path / "to").rglob("*") if path.is_file()}
    assert found == {"numpy/licenses-LICENSE.txt", "odd/METADATA"}
    assert (tmp_path / "to/odd/METADATA").read_text() == "Name: odd\nLicense: MIT\n"


@pytest.mark.skipif(not shutil.which("dpkg-deb") or not shutil.which("ar"), reason="packages for Debian, on Debian")
def test_squeezed_package_is_still_one(tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    (staging / "usr/lib").mkdir(parents=True)
    (staging / "usr/lib/a").write_bytes(b"a" * 100_000)
    made = packed(staging, "try", "1.2", {"Description": "a try"}, tmp_path, "xz")
    assert made.stat().st_size < 5000
    told = subprocess.run(["dpkg-deb", "--info", made], capture_output=True, text=True, check=True).stdout
    assert " Version: 1.2\n" in told
    subprocess.run(["dpkg-deb", "--extract", made, tmp_path / "to"], check=True)
    assert (tmp_path / "to/usr/lib/a").read_bytes() == b"a" * 100_000
    assert not [*tmp_path.glob("squeezing-*")]


def test_manual_tells_every_command_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = [
        line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ") and line[4] != " "
    ]
    manual = loaded("manual")
    for language, word in (("en", "watch folders"), ("zh", "监视文件夹")):
        page = manual.page(language, "1.2.3")
        assert page.startswith('.TH INKSTONE 1 "" "Inkstone 1.2.3"\n.ad l\n.SH ')
        assert word in page
        assert [name for name in listed if name != "COMMAND" and f"inkstone {name}" not in page] == []
        assert r"\-\-password\-file" in page


def test_icon_files_hold_every_size() -> None:
    pictures = loaded("pictures")
    drawn = {16: b"small", 256: b"large one"}
    data = pictures.ico(drawn)
    assert struct.unpack("<HHH", data[:6]) == (0, 1, 2)
    for index, (size, picture) in enumerate(drawn.items()):
        width, *_, length, offset = struct.unpack("<BBBBHHII", data[6 + 16 * index : 22 + 16 * index])
        assert (width, data[offset : offset + length]) == (size % 256, picture)
    data = pictures.icns({b"ic08": b"picture"})
    assert data == b"icns" + struct.pack(">I", 23) + b"ic08" + struct.pack(">I", 15) + b"picture"
    assert pictures.SOURCE.exists()


def test_documents_of_the_trial_can_be_read() -> None:
    document = pymupdf.open("pdf", pdf(PAGES))
    assert ANSWER in document[PAGE - 1].get_text()
    assert ANSWER not in document[0].get_text()
    assert not document.is_repaired


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_what_a_root_takes_is_asked_of_its_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(CleanRoot, "_processes", lambda self: [Path("/proc/self"), tmp_path / "ended"])
    root = CleanRoot(tmp_path)
    assert 5_000_000 < root.memory_bytes() < psutil.virtual_memory().total
    assert root.processor_s() == pytest.approx(sum(psutil.Process().cpu_times()[:2]), abs=0.5)


def test_pictures_of_the_screen_keep_their_colours() -> None:
    head = struct.pack(">25I", 100, 7, 2, 24, 2, 1, 0, 0, 32, 0, 32, 32, 8, *[0] * 12)
    rows = rows_of(head + bytes([3, 2, 1, 0, 30, 20, 10, 0]))
    assert rows == [bytes([1, 2, 3, 10, 20, 30])]
    image = pymupdf.Pixmap(png(rows))
    assert (image.width, image.height, bytes(image.samples)) == (2, 1, rows[0])
    assert changed(rows, [bytes([1, 2, 3, 10, 20, 31])]) == 0.5
