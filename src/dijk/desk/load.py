"""From a folder that a person named to a dataset, seen from a moment, and to its plan."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dijk import runs
from dijk.check import BadInput, check, check_all_rows, worst_first
from dijk.desk.ending import NOTHING, USAGE, Stop
from dijk.desk.findings import has_errors
from dijk.desk.screen import moment as shown_moment
from dijk.desk.screen import tell, working
from dijk.desk.words import say
from dijk.files import BOOKS, Dataset, read_folder
from dijk.files.dates import read_dates, read_moments
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.policy import Policy
from dijk.present import present
from dijk.present.doubts import check_present

NO_TABLE = {"FILE-01", "FILE-02"}
"""The findings that say no more than that nothing here is named after a table."""


@dataclass(frozen=True)
class Loaded:
    """A dataset from its folder, seen from a moment, with the findings of reading it and of all its rows."""

    inputs: Inputs
    policy: Policy
    received: pl.DataFrame
    digest: str


def load(folder: Path, as_of: str | None, lang: str, *, errors_stop: bool = False) -> Loaded:
    """Read a dataset, and say from which moment it is seen.

    Raises
    ------
    Stop
        There is no such folder, nothing in it, or the moment cannot be read.
    BadInput
        The tables tell of no moment; with ``errors_stop`` also where a file has an error.
    """
    given = None if as_of is None else moment_of(as_of)
    refuse_no_dataset(folder)
    with working(say("reading", lang, folder)):
        dataset = read_folder(folder)
    moment = given or newest(dataset.tables)
    refuse_nothing_read(folder, dataset)
    if moment is None or (errors_stop and has_errors(dataset.findings)):
        raise BadInput(dataset.findings)
    tell(say("as_of_given" if given else "as_of_newest", lang, shown_moment(moment, lang)))
    inputs, policy = Inputs.of(dataset.tables, as_of=moment), Policy.of(dataset.tables)
    received = worst_first(pl.concat([dataset.findings, check_all_rows(inputs, policy)]))
    return Loaded(inputs, policy, received, dataset.digest)


def refuse_no_dataset(place: Path) -> None:
    """What can be no dataset at all, before anything is read.

    Raises
    ------
    Stop
        There is nothing there, or it is a run, or a file that is no workbook.
    """
    if not place.exists():
        raise Stop(NOTHING, "no_folder", place)
    if place.is_file() and place.suffix.lower() not in BOOKS:
        raise Stop(NOTHING, "no_book", place)
    if (place / runs.MANIFEST).is_file():
        raise Stop(NOTHING, "run_given", place)


def refuse_nothing_read(place: Path, dataset: Dataset) -> None:
    """A dataset of which nothing can be said but that it is none, or that nobody has filled it in.

    Raises
    ------
    Stop
        No file or sheet is named after a table, or all tables are empty without an error that says why.
    """
    if not dataset.tables and set(dataset.findings["code"]) <= NO_TABLE:
        raise Stop(NOTHING, "no_data", place)
    if not any(table.height for table in dataset.tables.values()) and not has_errors(dataset.findings):
        raise Stop(NOTHING, "not_filled_in", place)


def make_plan(folder: Path, as_of: str | None, seed: int, lang: str) -> runs.Run:
    """Read a dataset and plan it; errors of reading and of checking both stop.

    Raises
    ------
    Stop
        As for `load`.
    BadInput
        Reading or a check finds an error.
    """
    loaded = load(folder, as_of, lang, errors_stop=True)
    with working(say("planning", lang)):
        made = plan(loaded.inputs, loaded.policy, seed=seed)
    return runs.Run(loaded.inputs, loaded.policy, made, seed=seed, digest=loaded.digest, received=loaded.received)


def all_findings(loaded: Loaded) -> pl.DataFrame:
    """Of reading and of checking; where no error stands in the way, also of what follows from norms and counts."""
    world, rules = loaded.inputs.known(), loaded.policy.known(loaded.inputs.as_of)
    checked = check(world, rules)
    if "ROW-05" in loaded.received["code"]:  # the same said better: with the row
        checked = checked.filter(pl.col("code") != "REF-01")
    found = pl.concat([loaded.received, checked])
    if has_errors(found):
        return worst_first(found)
    return worst_first(pl.concat([found, check_present(present(world, rules))]))


def newest(tables: Mapping[str, pl.DataFrame]) -> dt.datetime | None:
    """The newest moment at which anything in the tables became known; none where they are empty."""
    known = [table["known_at"] for table in tables.values() if "known_at" in table.columns and table.height]
    return pl.concat(known).max() if known else None  # type: ignore[return-value]


def moment_of(text: str) -> dt.datetime:
    """A moment in UTC from what a person typed, in any form that a cell may have; a day alone means its last second.

    Raises
    ------
    Stop
        It is no moment.
    """
    if (zoned := with_zone(text)) is not None:
        return zoned
    read = read_moments(pl.Series([text.strip()]), None)
    at: dt.datetime | None = read.value[0]
    if at is None:
        raise Stop(USAGE, "bad_moment", text)
    return at.replace(hour=23, minute=59, second=59) if read.day_only[0] else at


def with_zone(text: str) -> dt.datetime | None:
    """A moment as ISO 8601 writes it with a zone, in UTC to the second; None where it is not that."""
    try:
        read = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return None if read.tzinfo is None else read.astimezone(dt.UTC).replace(microsecond=0)


def day_of(text: str) -> dt.date:
    """A day from what a person typed, in any form that a cell may have.

    Raises
    ------
    Stop
        It is no day.
    """
    day: dt.date | None = read_dates(pl.Series([text.strip()]), None).value[0]
    if day is None:
        raise Stop(USAGE, "bad_day", text)
    return day
