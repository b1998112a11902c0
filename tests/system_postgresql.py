"""A PostgreSQL of the system, as an installation would use, beside the one that comes with the tests."""

import atexit
import os
import shutil
import subprocess
from pathlib import Path

from dijk_web import serving

PLACES = Path("/usr/lib/postgresql")
"""Where Debian keeps each major version."""


def binaries() -> Path | None:
    """The folder of the newest one; None where there is none."""
    found = sorted(PLACES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def start(folder: Path) -> str:
    """Start a new one in this folder, on this machine alone, until this process ends; its address.

    It refuses to be root: who is root lets the user that Debian made for it do it.

    Raises
    ------
    RuntimeError
        There is none.
    """
    at = binaries()
    if at is None:
        raise RuntimeError(f"no PostgreSQL of the system: nothing at {PLACES}")
    root = hasattr(os, "getuid") and os.getuid() == 0
    owner = ["runuser", "-u", "postgres", "--"] if root else []
    data, port = folder / "system-postgresql", serving.free_port()
    data.mkdir(mode=0o700)
    if root:
        folder.chmod(0o755)
        shutil.chown(data, "postgres")

    def ask(name: str, *words: str) -> None:
        subprocess.run([*owner, at / name, "-D", data, *words], check=True, stdout=subprocess.DEVNULL)

    ask("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
    where = f"-p {port} -k {data} -c listen_addresses=127.0.0.1"
    ask("pg_ctl", "--wait", f"--log={data / 'log'}", f"--options={where}", "start")
    atexit.register(ask, "pg_ctl", "--mode=immediate", "stop")
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"
