"""Files that were handed in: kept whole under their digest before a row of the database names them."""

import hashlib
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files import File

from dijk.desk.write import in_place

MOST_FILES, MOST_UNPACKED = 1_000, 8 * 2**30
"""Files in a ZIP, and bytes of them all: past these it is no dataset that fits."""


class NoDataset(Exception):
    """A file is no ZIP of the files of a dataset; says why."""


def place_of(digest: str) -> Path:
    """Where a file lies."""
    return Path(settings.DATA) / "received" / digest / "file"


def keep(file: File) -> str:
    """Keep a file, whole and on the disk; its digest. One that is there already is the same."""
    total = hashlib.sha256()
    for part in file.chunks():
        total.update(part)
    digest = total.hexdigest()
    if not place_of(digest).exists():
        with in_place(place_of(digest).parent) as new, open(new / "file", "wb") as kept:
            for part in file.chunks():
                kept.write(part)
    return digest


def files_in(bundle: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of a ZIP that a person means: no folders, and nothing that a system adds by itself.

    Raises
    ------
    NoDataset
        Two have one name, or there are too many, or they are too large.
    """
    paths = {one: PurePosixPath(one.filename) for one in bundle.infolist() if not one.is_dir()}
    meant = [one for one, path in paths.items() if not path.name.startswith(".") and "__MACOSX" not in path.parts]
    if len(meant) > MOST_FILES or sum(one.file_size for one in meant) > MOST_UNPACKED:
        raise NoDataset("too_large")
    if len({paths[one].name for one in meant}) < len(meant):
        raise NoDataset("same_name")
    return meant


def look_at(file: IO[bytes]) -> None:
    """Refuse what is no ZIP that can be unpacked.

    Raises
    ------
    NoDataset
        It is no ZIP, is locked, or holds what `files_in` refuses.
    """
    try:
        with zipfile.ZipFile(file) as bundle:
            if any(one.flag_bits & 0x1 for one in files_in(bundle)):
                raise NoDataset("locked")
    except (zipfile.BadZipFile, ValueError, OSError):
        raise NoDataset("no_zip") from None


def unpack(digest: str, folder: Path) -> None:
    """The files of a kept ZIP, all in one folder, whatever folders they lay in: no path of the ZIP is followed."""
    with zipfile.ZipFile(place_of(digest)) as bundle:
        for one in files_in(bundle):
            with bundle.open(one) as source, open(folder / PurePosixPath(one.filename).name, "wb") as target:
                shutil.copyfileobj(source, target)
