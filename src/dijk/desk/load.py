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
from dijk.files import read_folder
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.policy import Policy
from dijk.present import present
from dijk.present.doubts import check_present


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
    if not folder.is_dir():
        raise Stop(NOTHING, "no_folder", folder)
    with working(say("reading", lang, folder)):
        dataset = read_folder(folder)
    moment = given or newest(dataset.tables)
    if not any(folder.iterdir()):
        raise Stop(NOTHING, "no_data", folder)
    if moment is None or (errors_stop and has_errors(dataset.findings)):
        raise BadInput(dataset.findings)
    tell(say("as_of_given" if given else "as_of_newest", lang, shown_moment(moment, lang)))
    inputs, policy = Inputs.of(dataset.tables, as_of=moment), Policy.of(dataset.tables)
    received = worst_first(pl.concat([dataset.findings, check_all_rows(inputs, policy)]))
    return Loaded(inputs, policy, received, dataset.digest)


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
    """A moment in UTC from what a person typed; a day alone means its last second.

    Raises
    ------
    Stop
        It is no moment.
    """
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Stop(USAGE, "bad_moment", text) from None
    at = read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)
    return at.replace(microsecond=0) if len(text) > len("2020-04-27") else at.replace(hour=23, minute=59, second=59)


def day_of(text: str) -> dt.date:
    """A day from what a person typed.

    Raises
    ------
    Stop
        It is no day.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Stop(USAGE, "bad_day", text) from None
