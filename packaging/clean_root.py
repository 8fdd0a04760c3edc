"""A minimal Debian of its own in a folder, where nothing of this computer's is installed. Needs root's rights.

The base is fetched once (`debootstrap`, 100 MB); each trial gets a layer on top, which is thrown away.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from setting_up import SetupFailed, said, step

PERSON = "li"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class CleanRoot:
    """Debian at `folder`. `run` raises SetupFailed where a command does not end as it should."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The person's, as seen from outside."""
        return self.folder / "home" / PERSON

    def command(self, words: tuple[str, ...], root: bool = False, network: bool = False) -> list[str]:
        """What runs `words` in there: without any network interface, and as an ordinary person, unless told."""
        variables = {"PATH": _PATH, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **self.variables}
        variables |= {"HOME": "/root" if root else f"/home/{PERSON}"}
        return [
            *([] if network else ["unshare", "--net", "--"]),
            *(
                "chroot",
                str(self.folder),
                "/usr/bin/env",
                "-i",
                *(f"{name}={value}" for name, value in variables.items()),
            ),
            *([] if root else ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"]),
            *words,
        ]

    def run(self, *words: str, root: bool = False, network: bool = False, codes: tuple[int, ...] = (0,)) -> str:
        """What it printed."""
        done = subprocess.run(self.command(words, root, network), capture_output=True, text=True, check=False)
        if done.returncode not in codes:
            raise SetupFailed(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout

    def install(self, *debs: Path) -> None:
        """These packages and what they depend on, nothing that they only recommend."""
        for deb in debs:
            shutil.copyfile(deb, self.folder / "tmp" / deb.name)
        names = [f"/tmp/{deb.name}" for deb in debs]
        self.add(*names)

    def add(self, *names: str) -> None:
        """Debian's own packages, or those in these files."""
        self.run("apt-get", "install", "-yq", "--no-install-recommends", *names, root=True, network=True)

    def memory_bytes(self) -> int:
        """What its processes take together: memory that several of them share is counted once (PSS)."""
        told = (read_or_nothing(process / "smaps_rollup") for process in self._processes())
        return sum(
            1024 * int(kibibytes) for each in told for kibibytes in re.findall(r"^Pss:\s+(\d+)", each, re.MULTILINE)
        )

    def processor_s(self) -> float:
        """What those that run now have computed, which other programs do not lengthen as they do waiting."""
        told = (read_or_nothing(process / "stat").rpartition(")")[2].split() for process in self._processes())
        return sum(int(each[11]) + int(each[12]) for each in told if each) / os.sysconf("SC_CLK_TCK")  # user, system

    def _processes(self) -> Iterator[Path]:
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it may end at any time
                if (process / "root").readlink() == self.folder:
                    yield process

    def files(self) -> set[str]:
        """Every path that is not the package manager's own, nor the person's."""
        own = ("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", "home", "proc", "dev", "tmp", "run", "sys")
        return {
            path.relative_to(self.folder).as_posix()
            for top in self.folder.iterdir()
            if top.name not in own  # /proc cannot even be walked while processes end
            for path in (top, *top.rglob("*"))
            if not path.relative_to(self.folder).as_posix().startswith(own)
        }


def read_or_nothing(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_text("ascii", "replace")
    return ""


def base(folder: Path, suite: str, mirror: str) -> Path:
    """A minimal `suite` in `folder`. Raises SetupFailed."""
    done = folder / "complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = ["debootstrap", "--variant=minbase", suite, str(folder / "root"), mirror]
        step(f"Fetching a minimal Debian ({suite})", command, folder)
        done.touch()
    return folder / "root"


@contextlib.contextmanager
def fresh(lower: Path, work: Path, variables: Mapping[str, str], screen: Path | None = None) -> Iterator[CleanRoot]:
    """A layer on top of `lower`, with a person in it; `screen` is the folder of X's sockets, to be seen inside."""
    unmount(work)
    shutil.rmtree(work, ignore_errors=True)
    for name in ("upper", "work", "root"):
        (work / name).mkdir(parents=True)
    root = work / "root"
    layers = f"lowerdir={lower},upperdir={work / 'upper'},workdir={work / 'work'}"
    try:
        mount("-t", "overlay", "overlay", "-o", layers, str(root))
        mount("-t", "proc", "proc", str(root / "proc"))
        for name in ("null", "zero", "full", "random", "urandom", "shm"):
            bind(Path("/dev") / name, root / "dev" / name)
        if screen:
            bind(screen, root / "tmp/.X11-unix")
        clean = CleanRoot(root, variables)
        clean.run("useradd", "--create-home", "--uid", "1000", PERSON, root=True)
        clean.run("apt-get", "update", "-q", root=True, network=True)
        yield clean
    finally:
        unmount(work)


def bind(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.touch()
    mount("--bind", str(source), str(target))


def mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupFailed(f"mount {' '.join(words)}: {done.stderr.strip()}")


def unmount(work: Path) -> None:
    """Everything that is mounted below, the innermost first."""
    mounted = [line.split()[1] for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    for place in sorted((each for each in mounted if each.startswith(f"{work}/")), reverse=True):
        if subprocess.run(["umount", place], check=False).returncode:
            said(f"{place} stays mounted")
