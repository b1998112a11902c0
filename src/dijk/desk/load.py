"""From a folder that a person named to a dataset, seen from a moment, and to its plan."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dijk import runs
from dijk.check import BadInput, check, check_all_rows
from dijk.check.findings import as_table
from dijk.desk.ending import NOTHING, USAGE, Stop
from dijk.desk.findings import has_errors
from dijk.desk.screen import moment as shown_moment
from dijk.desk.screen import tell, working
from dijk.desk.words import say
from dijk.files import BOOKS, Dataset, lying_ahead, newest_told, read_folder, with_places
from dijk.files.dates import read_dates, read_moments
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import FACTS

NO_TABLE = {"FILE-01", "FILE-02"}
"""The findings that say no more than that nothing here is named after a table."""


@dataclass(frozen=True)
class Loaded:
    """A dataset from its folder, seen from a moment, with the findings of reading it and of all its rows."""

    inputs: Inputs
    policy: Policy
    received: pl.DataFrame
    dataset: Dataset

    @property
    def digest(self) -> str:
        """The digest of the rows that were read."""
        return self.dataset.digest


def load(folder: Path, as_of: str | None, lang: str) -> Loaded:
    """Read a dataset, and say from which moment it is seen.

    Raises
    ------
    Stop
        There is no such folder, nothing in it, the moment cannot be read, or no file tells one.
    BadInput
        No row could be read.
    """
    given = None if as_of is None else moment_of(as_of)
    refuse_no_dataset(folder)
    with working(say("reading", lang, folder)):
        dataset = read_folder(folder)
    refuse_nothing_read(folder, dataset)
    if not any(table.height for table in dataset.tables.values()):
        raise BadInput(dataset.findings)
    moment = given or newest_told(dataset)
    if moment is None:
        raise Stop(USAGE, "no_moment", folder)
    tell(say("as_of_given" if given else "as_of_newest", lang, shown_moment(moment, lang)))
    inputs, policy = Inputs.of(dataset.tables, as_of=moment), Policy.of(dataset.tables)
    found = [dataset.findings, as_table(lying_ahead(dataset, moment)), check_all_rows(inputs, policy)]
    return Loaded(inputs, policy, with_places(pl.concat(found), dataset, moment), dataset)


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
        No file or sheet is named after a table, or there is no site and no fact, without an error that says why.
    """
    if not dataset.tables and set(dataset.findings["code"]) <= NO_TABLE:
        raise Stop(NOTHING, "no_data", place)
    filled = any(dataset.tables[name].height for name in ("site", *FACTS) if name in dataset.tables)
    if not filled and not has_errors(dataset.findings):
        raise Stop(NOTHING, "not_filled_in", place)


def make_plan(folder: Path, as_of: str | None, seed: int, lang: str) -> runs.Run:
    """Read a dataset and plan it; errors of reading and of checking both stop.

    Raises
    ------
    Stop
        As for `load`.
    BadInput
        Reading or a check finds an error; it holds the findings of both.
    """
    return planned(load(folder, as_of, lang), seed, lang)


def planned(loaded: Loaded, seed: int, lang: str) -> runs.Run:
    """A dataset with its plan.

    Raises
    ------
    BadInput
        Reading or a check finds an error; it holds the findings of both, each with file and row.
    """
    inputs, policy = loaded.inputs, loaded.policy
    try:
        with working(say("planning", lang)):
            return runs.make(inputs, policy, seed=seed, digest=loaded.digest, received=loaded.received)
    except BadInput as bad:
        raise BadInput(_placed(loaded, bad.findings)) from None


def all_findings(loaded: Loaded, seed: int, lang: str) -> pl.DataFrame:
    """What reading, checking and the steps of a plan find, the steps only where no error stops them; each with file and
    row.
    """
    try:
        run = planned(loaded, seed, lang)
    except BadInput as bad:
        tell(say("steps_stopped", lang))
        return bad.findings
    return _placed(loaded, run.finding)


def all_checked(loaded: Loaded) -> pl.DataFrame:
    """What reading and checking find, each with file and row; no step is taken."""
    checked = check(loaded.inputs.known(), loaded.policy.known(loaded.inputs.as_of))
    return _placed(loaded, runs.all_found(loaded.received, checked))


def _placed(loaded: Loaded, found: pl.DataFrame) -> pl.DataFrame:
    return with_places(found, loaded.dataset, loaded.inputs.as_of)


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
