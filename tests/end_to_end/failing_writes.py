"""Writes that fail at random moments of indexing (a full disk, a bad drive), against a library that never saw one.

    python -m tests.end_to_end.failing_writes FOLDER [--failures 50] [--seed 1]

A small library that is loaded before the C library fails one write, or all from one on, to regular files: SQLite's own
among them. Afterwards indexing is started again as usual. Linux, with a C compiler. Prints what differs, and exits with
1 when anything does. A disk that is truly full is tried with `--full MB`, on a small file system (needs root).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.end_to_end.killing import INKSTONE, add, contents, differences, index

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long calls = 0, fail_at = -2;
static int fails(int fd) {
    struct stat about;
    if (fail_at == -2) fail_at = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : -1;
    if (fail_at < 0 || fstat(fd, &about) || !S_ISREG(about.st_mode)) return 0;
    long number = __sync_add_and_fetch(&calls, 1);
    if (getenv("COUNT_IN") && number % 50 == 0) {
        FILE *told = fopen(getenv("COUNT_IN"), "w");
        if (told) { fprintf(told, "%ld", number); fclose(told); }
    }
    if (number != fail_at && !(getenv("FAIL_ON") && number > fail_at)) return 0;
    errno = atoi(getenv("FAIL_WITH"));
    return 1;
}
#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))
ssize_t write(int fd, const void *data, size_t size) {
    return fails(fd) ? -1 : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return fails(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return fails(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
int fsync(int fd) { return fails(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return fails(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fails(fd) ? -1 : REAL(ftruncate64)(fd, size); }
"""
ENOSPC, EIO = 28, 5


def shim(folder: Path) -> Path:
    """Compile it. Raises OSError or CalledProcessError where there is no compiler."""
    source, made = folder / "shim.c", folder / "shim.so"
    source.write_text(SHIM, "utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True, capture_output=True)
    return made


def index_with_failure(home: Path, made: Path, at: int, errno: int, on: bool) -> subprocess.CompletedProcess[str]:
    """Index while the write number `at` fails, and with `on` every later one."""
    failing = {"LD_PRELOAD": str(made), "FAIL_AT": str(at), "FAIL_WITH": str(errno), **({"FAIL_ON": "1"} if on else {})}
    return subprocess.run(
        [*INKSTONE, "--home", str(home), "index"],
        capture_output=True,
        text=True,
        env=os.environ | failing,
        check=False,
    )


def counted_writes(home: Path, made: Path, told: Path) -> int:
    """How many writes an undisturbed run takes, about."""
    counting = {"LD_PRELOAD": str(made), "FAIL_AT": str(10**9), "FAIL_WITH": "5", "COUNT_IN": str(told)}
    command = [*INKSTONE, "--home", str(home), "index"]
    subprocess.run(command, env=os.environ | counting, capture_output=True, check=False)
    return int(told.read_text()) if told.exists() else 50


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What a failed write may not lead to: a traceback, or an end that is none of ours."""
    found = [done.stderr[-2000:]] if "Traceback" in done.stderr else []
    return found + ([f"exit code {done.returncode}"] if done.returncode not in (0, 1, 3) else [])


def tried(folder: Path, scratch: Path, failures: int, seed: int) -> list[str]:
    """Everything that is not as it should be after so many failures, in as many rounds as that takes."""
    made, whole = shim(scratch), scratch / "whole"
    add(whole, folder)
    most = counted_writes(whole, made, scratch / "count")
    index(whole, folder)
    wanted = contents(whole)
    drawn = random.Random(seed)
    found: list[str] = []
    done = round_number = 0
    while done < failures:
        round_number += 1
        home = scratch / f"failed{round_number}"
        add(home, folder)
        for _ in range(min(5, failures - done)):
            at, errno, on = drawn.randint(1, most), drawn.choice((ENOSPC, EIO)), drawn.random() < 0.5
            ended = index_with_failure(home, made, at, errno, on)
            done += 1
            found += complaints(ended)
            if ended.returncode in (0, 1) and not ended.stderr.strip():
                break  # it came through: the next round begins anew
        index(home, folder)
        found += differences(contents(home), wanted)
        print(f"{time.strftime('%H:%M:%S')} {done} failures; complaints: {found}", flush=True)
    return found


def filled(folder: Path, scratch: Path, megabytes: int) -> list[str]:
    """Index on a file system that is too small, then make it large enough."""
    home = scratch / "small"
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", home], check=True)
    try:
        add(home, folder)
        command = [*INKSTONE, "--home", str(home), "index"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        found = complaints(ended) + ([] if ended.returncode == 3 else [f"{megabytes} MB were enough"])
        subprocess.run(["mount", "-o", "remount,size=500m", home], check=True)
        index(home, folder)
        index(scratch / "whole", folder)
        return found + differences(contents(home), contents(scratch / "whole"))
    finally:
        subprocess.run(["umount", home], check=False)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--failures", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--full", type=int, metavar="MB")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if chosen.full:
            found = filled(chosen.folder, Path(scratch), chosen.full)
        else:
            found = tried(chosen.folder, Path(scratch), chosen.failures, chosen.seed)
    print(f"different: {found or 'nothing'}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
