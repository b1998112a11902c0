"""What the commands share: their options, how they read a dataset or end, and how they answer."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from dijk import runs
from dijk.check import BadInput, check, worst_first
from dijk.desk import screen
from dijk.desk.screen import say, tell, working
from dijk.files import read_folder
from dijk.inputs import Inputs
from dijk.plan import Plan, plan
from dijk.policy import Policy
from dijk.present import present
from dijk.present.doubts import check_present
from dijk.tables import languages

FINE, BUG, USAGE, INPUT_ERRORS, DIFFERS, NOTHING, STOPPED = 0, 1, 2, 3, 4, 5, 130
EXIT_CODES = {
    FINE: "fine",
    BUG: "a mistake inside dijk",
    USAGE: "wrong usage",
    INPUT_ERRORS: "the input has errors",
    DIFFERS: "a replay differs, or a run was changed",
    NOTHING: "nothing found, or a file could not be read or written",
    STOPPED: "stopped from the keyboard",
}


class Stop(Exception):
    """Ends a command with a sentence of ``dijk.desk.screen`` and an exit code."""

    def __init__(self, code: int, key: str, *gaps: object) -> None:
        super().__init__(key)
        self.code, self.key, self.gaps = code, key, gaps


Language = languages.Lang
DataFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder with a file per table: CSV, Parquet or Excel.")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder that 'dijk plan' wrote.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="See the world as known at this moment, UTC. Without it: the newest in the data."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random stream.")]
Lang = Annotated[Language, typer.Option("--lang", envvar="DIJK_LANG", help="Language of what is said.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON on stdout, for machines.")]
Tables = Annotated[
    Path | None, typer.Option("--out", "-o", help="Also write the full tables of this step here, as Parquet.")
]


@dataclass(frozen=True)
class Loaded:
    """A dataset from its folder, seen from a moment, with the findings of reading it."""

    inputs: Inputs
    policy: Policy
    received: pl.DataFrame
    digest: str


def load(folder: Path, as_of: str | None, lang: str, *, errors_stop: bool = False) -> Loaded:
    """Read a dataset, and say from which moment it is seen."""
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
    tell(say("as_of_given" if given else "as_of_newest", lang, screen.moment(moment, lang)))
    return Loaded(Inputs.of(dataset.tables, as_of=moment), Policy.of(dataset.tables), dataset.findings, dataset.digest)


def make_plan(folder: Path, as_of: str | None, seed: int, lang: str) -> runs.Run:
    """Read a dataset and plan it; errors of reading and of checking both stop."""
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
    """A moment in UTC from what a person typed; a day alone means its last second."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Stop(USAGE, "bad_moment", text) from None
    at = read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read.astimezone(dt.UTC)
    return at.replace(microsecond=0) if len(text) > len("2020-04-27") else at.replace(hour=23, minute=59, second=59)


def day_of(text: str) -> dt.date:
    """A day from what a person typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Stop(USAGE, "bad_day", text) from None


def keep(path: Path, content: bytes) -> str:
    """Write a file, and the folder it is in; its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def keep_tables(made: Plan, names: Sequence[str], out: Path | None) -> None:
    """Write the full tables of a step, where that was asked."""
    if out is None:
        return
    for name in names:
        keep(out / f"{name}.parquet", runs.parquet(made.tables()[name]))


def has_errors(findings: pl.DataFrame) -> bool:
    """Whether anything found stops a plan."""
    return (findings["severity"] == "error").any()


def give(what: Mapping[str, Any], *parts: Any, as_json: bool) -> None:
    """The answer on stdout: as JSON where that was asked, else as tables and sentences."""
    if as_json:
        print(json.dumps(what, default=str, ensure_ascii=False, indent=1))
        return
    for part in parts:
        screen.console().print(part, markup=False)
