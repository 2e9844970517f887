"""Which servers can be had on this machine, in which version, and the npm packages of some."""

import json
import re
import shutil
import subprocess

from machine import Failure
from servers import HERE

PEERS = HERE / "peers"
NODE_NEEDED = 20


def run_quietly(*command, folder=None):
    """What the command printed, or a Failure with it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def program_version(program, option):
    return re.search(r"\d+\.\d+\.\d+", run_quietly(program, option))[0]


def missing(kind):
    """Why this server cannot be measured here, or None."""
    program = kind.command[0]
    if program.startswith("@"):  # built by us
        return None
    if not shutil.which(program):
        return f"{program} is not installed"
    if kind.packages and not shutil.which("npm"):
        return "npm is not installed"
    if kind.packages and int(program_version("node", "--version").split(".")[0]) < NODE_NEEDED:
        return f"it needs Node from version {NODE_NEEDED}"
    return None


def versions(kind):
    """For the head of the report; empty for what we built."""
    program = kind.command[0]
    if kind.packages:
        wanted = json.loads((PEERS / "package.json").read_text(encoding="utf-8"))["dependencies"]
        parts = [f"{name} {wanted[name]}" for name in kind.packages]
        return ", ".join([*parts, f"node {program_version('node', '--version')}"])
    return "" if program.startswith("@") else f"{program} {program_version(program, '-v')}"


def install_npm_packages(folder):
    """As the lock file says, outside of the sources. Asks no registry if they are there."""
    lock, marker = PEERS / "package-lock.json", folder / "installed-by"
    folder.mkdir(parents=True, exist_ok=True)
    for source in PEERS.glob("*.mjs"):
        shutil.copy(source, folder)
    if marker.exists() and marker.read_bytes() == lock.read_bytes():
        return
    shutil.copy(PEERS / "package.json", folder)
    shutil.copy(lock, folder)
    run_quietly("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
    shutil.copy(lock, marker)
