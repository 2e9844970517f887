"""What the machine says: its cores, what a program used of them, its memory, and how fast bare RSA is here."""

import contextlib
import os
import platform
import re
import subprocess
from pathlib import Path

PROC = Path("/proc")


class Failure(Exception):
    """What went wrong, and what to look at."""


def two_cores():
    """One for the server that is measured, one for everything else."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise Failure("the server and its load need a core each, and this machine lends only one")
    return cores[0], cores[1]


@contextlib.contextmanager
def on_core(core):
    """What is started meanwhile stays on that core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def read(file):
    """Nothing of a thread that has just ended."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def threads(pid):
    """The folders in /proc of all threads of a process and of its descendants."""
    for thread in (PROC / str(pid) / "task").iterdir():
        yield thread
        for child in read(thread / "children").split():
            yield from threads(child)


def cpu_seconds(pid):
    """Time on a core, of all threads of a process and of its descendants."""
    return sum(int((read(thread / "schedstat").split() or ["0"])[0]) for thread in threads(pid)) / 1e9


def resident_bytes(pid):
    """Of a process and its descendants; what they share counts once for each."""
    processes = {thread.parent.parent for thread in threads(pid)}
    found = (re.search(r"VmRSS:\s+(\d+) kB", read(process / "status")) for process in processes)
    return sum(int(size[1]) for size in found if size) * 1024


def rsa_verify_us(core):
    """Microseconds of CPU for one RSA-2048 verification, as `openssl speed` sees it."""
    with on_core(core):
        done = subprocess.run(["openssl", "speed", "-mr", "-seconds", "1", "rsa2048"], capture_output=True, text=True,
                              check=False)
    found = re.search(r"^\+F2:\d+:2048:[\d.]+:([\d.]+)$", done.stdout, re.MULTILINE)
    if not found:
        raise Failure(f"openssl speed said something unexpected:\n{done.stdout}{done.stderr}")
    return 1e6 / float(found[1])


def describe():
    model = re.search(r"model name\s*: (.*)", (PROC / "cpuinfo").read_text())
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}"
