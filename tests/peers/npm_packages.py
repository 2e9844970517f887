#!/usr/bin/env python3
"""The npm packages of the tests with programs of others, in the folder $TONGS_PEERS_NPM.

Run, it installs them there as the lock file says; it asks no registry if they are there already. Exit status: 0 they
are there, 77 they cannot be had here, 1 npm refuses them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from programs import require_programs, skip

SOURCES = Path(__file__).resolve().parent / "npm"
FOLDER = Path(os.environ["TONGS_PEERS_NPM"])
STAMP = FOLDER / "installed-by"  # the lock file of the last installation
OLDEST_NODE = 18
CODE = re.compile(r"^npm (?:ERR!|error) code (\S+)", re.MULTILINE)
# Of npm: it refused nothing, it did not get through to a registry that it knows.
UNREACHABLE = {"EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ENOTCACHED", "ENOTFOUND",
               "ERR_SOCKET_TIMEOUT", "ETIMEDOUT", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"}
NPM_CI = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1",
          "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000")


def wanted():
    return (SOURCES / "package-lock.json").read_bytes()


def are_installed():
    return STAMP.exists() and STAMP.read_bytes() == wanted()


def require_packages():
    """Skips the calling test if they are not there."""
    require_programs("node")
    if not are_installed():
        skip("the npm packages of its lock file are not installed", "see what became of peers.npm")


def check_node():
    require_programs("node", "npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        skip(f"node is {version}", f"the packages need version {OLDEST_NODE} or a later one")


def check_lock():
    """The lock file must lead to the registry that npm is told to use here, wherever it was written."""
    placed = [name for name, package in json.loads(wanted())["packages"].items() if "resolved" in package]
    if placed:
        sys.exit(f"{SOURCES / 'package-lock.json'} says where {placed[0]} is: write it with the .npmrc beside it")


def install():
    STAMP.unlink(missing_ok=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SOURCES / name, FOLDER)
    done = subprocess.run(NPM_CI, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode == 0:
        STAMP.write_bytes(wanted())
        return
    print(done.stdout)
    code = CODE.search(done.stdout)
    if code and code[1] in UNREACHABLE:
        skip(f"the npm registry cannot be reached ({code[1]}), and what the lock file says was not installed before",
             "run the tests once with a network")
    sys.exit(1)


def main():
    check_lock()
    check_node()
    if not are_installed():
        install()


if __name__ == "__main__":
    main()
