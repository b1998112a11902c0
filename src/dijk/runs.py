"""A run's folder: what went in, what was decided, what came out, so that anyone can read it without the dataset and
repeat it.

``manifest.json`` says from which moment, with which seed, inputs and versions, and holds the SHA-256 of each kept file.
``known/`` keeps the inputs as known at that moment, ``policy/`` the judgements as used, ``results/`` all that the plan
says; ``received/`` keeps what was found on reading the files, and ``origin.json`` where they lay. The last two tell of
one machine and one form of the files, so a replay leaves them out. A run's folder holds all sites: it is as
confidential as its dataset.
"""

import datetime as dt
import errno
import hashlib
import io
import json
import platform
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import polars as pl

import dijk
from dijk.check import BadInput, check, worst_first
from dijk.inputs import KEPT_APART, Inputs
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.tables import ALL, ON_DISK, POLICY, REGISTERS, RESULTS
from dijk.tables.columns import HOLDERS

SCHEMA = 5
"""Version of the folder's layout; a reader refuses one it does not know.

2: whose goods a level divides, and in which region, are columns of ``Level`` and ``Claim``, where 1 had them as text
inside ``fence``, which a fence's own code could imitate. 3: the policy has the reasons that people gave for warnings.
4: a regime may be unknown, and says what is missing; ``Claim`` says what of its position the hub of its region keeps
back; what others once confirmed of a site is kept. 5: the policy has who may sign orders, and its texts.
"""

LIBRARIES = ("polars", "numpy", "scipy", "numba")
"""Those whose version can change a number or a byte of a result."""

COMPARED = ("known", "policy", "results")
MANIFEST, ORIGIN, RECEIVED = "manifest.json", "origin.json", "received/finding.parquet"
SAID = {"dijk", "as_of", "seed", "inputs", "made_with", "findings", "files", "received", "run"}
"""What a manifest says besides its schema."""

ROWS_PER_GROUP = 2**18


class NoRun(Exception):
    """A folder is not a run, or of a layout that this version does not read. Says which folder and why, in English and
    Dutch.
    """

    def __init__(self, folder: Path, en: str, nl: str) -> None:
        super().__init__(f"{folder}: {en}")
        self.said = {"en": f"{folder}: {en}", "nl": f"{folder}: {nl}"}


class Changed(Exception):
    """Kept files are not the ones the manifest names; ``files`` lists them."""

    def __init__(self, files: list[str]) -> None:
        super().__init__(", ".join(files))
        self.files = files


@dataclass(frozen=True)
class Run:
    """A plan with all it came from. ``received`` holds the findings of reading, apart from those of the plan's own
    checks.
    """

    inputs: Inputs
    policy: Policy
    plan: Plan
    seed: int
    digest: str
    received: pl.DataFrame

    @property
    def finding(self) -> pl.DataFrame:
        """All findings: of reading and of checking."""
        return pl.concat([self.received, self.plan.finding])

    @property
    def whole_plan(self) -> Plan:
        """The plan with all findings in it, as the report tells them."""
        return replace(self.plan, finding=self.finding)


def make(inputs: Inputs, policy: Policy, *, seed: int, digest: str, received: pl.DataFrame) -> Run:
    """Plan a dataset and keep beside the plan all it came from.

    Parameters
    ----------
    digest
        The digest of the rows that were read; see `dijk.files.digest`.
    received
        Table ``Finding``: what was found on reading them.

    Raises
    ------
    BadInput
        Reading found an error, or a check does; it holds the findings of both, the worst first.
    """
    from dijk.plan import plan  # here, because its steps take seconds to load, and who reads a run needs none

    if received.filter(pl.col("severity") == "error").height:
        raise BadInput(all_found(received, check(inputs.known(), policy.known(inputs.as_of))))
    try:
        planned = plan(inputs, policy, seed=seed)
    except BadInput as bad:
        raise BadInput(all_found(received, bad.findings)) from None
    return Run(inputs, policy, planned, seed=seed, digest=digest, received=received)


def all_found(received: pl.DataFrame, checked: pl.DataFrame) -> pl.DataFrame:
    """The findings of reading and of checking, the worst first; of a lost code that both found only what reading said,
    which names the code that was meant.
    """
    if "ROW-05" in received["code"]:
        checked = checked.filter(pl.col("code") != "REF-01")
    return worst_first(pl.concat([received, checked]))


OF_EVERYONE = (REGISTERS.keys() | POLICY.keys()) - {"site", "organisation", "warning_reason", "mandate"} | {
    *("indicator", "told_indicator", "external_figure", "indicator_seen"),
    *("driver_forecast", "past_driver_forecast", "stock_path"),
    *("regime", "past_regime", "level", "past_level", "drift"),
}
"""Tables that tell nothing of one site: registers, judgements, published series, what a plan publishes of the nation
and of each level.
"""


def part(run: Run, sites: Collection[str]) -> Run:
    """The part of a run that whoever answers for some sites may have: what is published, and the lines of these sites.

    `dijk.allocate.recompute.recompute` and `dijk.allocate.explain` read it as they read a whole run, and give the same
    lines; what a site would get of one more pack is not said, as that rests on the lines of others. A part is no
    dataset of its own: the plan cannot be made again from it. ``digest`` and ``seed`` stay those of the whole run.

    Parameters
    ----------
    sites
        Codes; one that the run does not know brings no rows.

    Returns
    -------
    The run with, of each table:

    - *of everyone* (``OF_EVERYONE``): all rows;
    - with a site: the rows of these sites. A delivery is of the site that it reached, an order line of the place that
      it is bound for. Of the register, also the places that hold goods for others;
    - of cells of sector and region: those of the whole nation, and of regions of which every site but the warehouses
      is among these;
    - all others: no rows. Findings name rows of others; prices are those of the nation's orders, and so is who may sign
      them.

    Examples
    --------
    A site of the example country (see `dijk.example`) and its lines:

    >>> run = Run(now.world, now.policy, made, seed=1, digest="", received=made.finding.clear())
    >>> own = part(run, ["S00001"]).plan
    >>> own.claim["site"].unique().to_list(), own.level.equals(made.level)
    (['S00001'], True)
    """
    own = _Own.of(run.inputs.site, sites)
    known = {name: own.rows(name, table) for name, table in run.inputs.tables().items()}
    return replace(
        run,
        inputs=Inputs.of(known, as_of=run.inputs.as_of),
        policy=replace(
            run.policy,
            warning_reason=run.policy.warning_reason.filter(pl.col("table").is_in(OF_EVERYONE)),
            mandate=run.policy.mandate.clear(),
        ),
        plan=Plan.of({name: own.rows(name, table) for name, table in run.plan.tables().items()}),
        received=run.received.clear(),
    )


def part_of_dataset(tables: Mapping[str, pl.DataFrame], sites: Collection[str]) -> dict[str, pl.DataFrame]:
    """The part of a dataset that whoever answers for some sites may have, by the same rule as `part`.

    Examples
    --------
    A site of the example country (see `dijk.example`), its stock and the norms of all:

    >>> own = part_of_dataset(tables, ["S00001"])
    >>> own["stock"]["site"].unique().to_list(), own["norm"].equals(tables["norm"])
    (['S00001'], True)
    """
    own = _Own.of(tables["site"], sites)
    return {name: own.rows(name, table) for name, table in tables.items()}


@dataclass(frozen=True)
class _Own:
    """Some sites, their organisations, the regions that are wholly theirs, and whose goods in which region are not."""

    sites: pl.Series
    organisations: pl.Series
    regions: pl.Series
    held_by_others: pl.DataFrame

    @classmethod
    def of(cls, register: pl.DataFrame, sites: Collection[str]) -> Self:
        """From all rows ever told of the sites of a country: one that moved counts in both of its regions."""
        codes = pl.Series(sorted(sites), dtype=pl.String)
        mine = register.filter(pl.col("site").is_in(codes.implode()))
        others = register.filter(~pl.col("site").is_in(codes.implode()))
        with_others = others.filter(pl.col("kind") != "warehouse")["region"]
        return cls(
            codes,
            mine["organisation"].unique(),
            mine.filter(~pl.col("region").is_in(with_others.implode()))["region"].unique(),
            others.select("region", pl.col("kind").cast(pl.String).alias("holder")).unique(),
        )

    def rows(self, name: str, table: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table that are of everyone or of these sites."""
        if name in OF_EVERYONE:
            return table
        if name == "organisation":
            return table.filter(pl.col("organisation").is_in(self.organisations.implode()))
        whose = next((column for column in ("site", "to_site") if column in table.columns), None)
        if whose:
            mine = pl.col(whose).is_in(self.sites.implode())
            return table.filter(mine | pl.col("kind").is_in(list(HOLDERS)) if "kind" in table.columns else mine)
        if "holder" in table.columns:
            by = pl.col("holder").cast(pl.String)
            return table.join(self.held_by_others, left_on=["region", by], right_on=["region", "holder"], how="anti")
        if "region" in table.columns:
            nation = pl.all_horizontal(pl.col(axis) == ALL for axis in ("sector", "region") if axis in table.columns)
            return table.filter(nation | pl.col("region").is_in(self.regions.implode()))
        return table.clear()


def run_files(run: Run) -> dict[str, bytes]:
    """Every file of a run's folder by its path in it; the same run gives the same bytes.

    Inputs and policy are reduced to what the plan saw: as known at ``as_of``.

    ``origin.json`` is not among them: it names a place, and a place is not part of a run.
    """
    policy = run.policy.known(run.inputs.as_of)
    judged = {field.name: getattr(policy, field.name) for field in fields(policy)}
    parts = {"known": run.inputs.known().tables(), "policy": judged, "results": run.plan.tables()}
    files = {
        f"{part}/{name}.parquet": parquet(table) for part, tables in parts.items() for name, table in tables.items()
    }
    files[RECEIVED] = parquet(run.received)
    return files | {MANIFEST: manifest(run, files)}


def parquet(table: pl.DataFrame) -> bytes:
    """A table as Parquet with every setting fixed, so that the same rows in the same order are the same bytes."""
    out = io.BytesIO()
    table.rechunk().write_parquet(
        out, compression="zstd", compression_level=3, statistics=False, row_group_size=ROWS_PER_GROUP
    )
    return out.getvalue()


def manifest(run: Run, files: Mapping[str, bytes]) -> bytes:
    """What the folder says of itself, as JSON with sorted keys. No clock, no path, no name of a machine or person."""
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "dijk": dijk.__version__,
        "as_of": run.inputs.as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seed": run.seed,
        "inputs": run.digest,
        "made_with": versions(),
        "findings": dict(sorted(run.finding.group_by("severity").len().rows())),
        "files": {path: sha256(content) for path, content in sorted(files.items()) if path != RECEIVED},
        "received": sha256(files[RECEIVED]),
    }
    said["run"] = run_id(said)
    return (json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def run_id(said: Mapping[str, Any]) -> str:
    """Twelve signs by which a letter can name a run: a digest of its moment, seed, inputs, policy and results."""
    kept = {key: said[key] for key in ("as_of", "seed", "inputs", "files")}
    return sha256(json.dumps(kept, sort_keys=True).encode())[:12]


def versions() -> dict[str, str]:
    """Python, machine and the libraries that can change a byte."""
    return {"python": platform.python_version(), "machine": platform.machine()} | {
        name: version(name) for name in LIBRARIES
    }


def write_run(folder: Path, files: Mapping[str, bytes], *, origin: Path | None) -> None:
    """Put a run in a new or empty folder. The manifest comes last: without it there is no run.

    Raises
    ------
    FileExistsError
        The folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(errno.EEXIST, "holds something", str(folder))
    for path in [*(p for p in files if p != MANIFEST), MANIFEST]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(files[path])
    if origin is not None:
        (folder / ORIGIN).write_text(
            json.dumps({"data": str(origin.resolve())}, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def refuse_other(folder: Path) -> None:
    """Nothing but an earlier run is ever overwritten.

    Raises
    ------
    NoRun
        The folder holds something else.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MANIFEST).is_file())):
        raise NoRun(
            folder,
            "holds something else; name a new or empty folder.",
            "bevat iets anders; noem een nieuwe of lege map.",
        )


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a run's folder says of itself.

    Raises
    ------
    NoRun
        There is no manifest, or one that this version cannot read.
    """
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise NoRun(folder, f"not a run; it has no {MANIFEST}.", f"geen berekening; er is geen {MANIFEST}.") from None
    except ValueError:
        raise NoRun(folder, f"{MANIFEST} cannot be read.", f"{MANIFEST} is niet te lezen.") from None
    if (
        not isinstance(said, dict)
        or said.get("schema") != SCHEMA
        or not said.keys() >= SAID
        or set(said["files"]) != layout()
    ):
        raise NoRun(
            folder,
            "its layout is not that of this version of dijk.",
            "de indeling is niet die van deze versie van dijk.",
        )
    return said


def layout() -> set[str]:
    """The path of each file that is kept and compared; no other path is ever read from a manifest."""
    parts: dict[str, Any] = {"known": Inputs, "policy": Policy, "results": Plan}
    names = [(part, field.name) for part, kind in parts.items() for field in fields(kind)]
    return {f"{part}/{name}.parquet" for part, name in names if name != "as_of"}


def read_run(folder: Path) -> Run:
    """A run from its folder, each file checked against the manifest.

    Raises
    ------
    NoRun
        The folder is not a run, or a table in it has other columns than this version of dijk reads.
    Changed
        A file is missing or not the one that was kept.
    """
    said = read_manifest(folder)
    files = said["files"] | {RECEIVED: said["received"]}
    broken = [path for path, digest in files.items() if kept_digest(folder / path) != digest]
    if run_id(said) != said["run"]:
        broken.append(MANIFEST)
    if broken:
        raise Changed(broken)
    parts = {part: read_part(folder, said, part) for part in COMPARED}
    received = pl.read_parquet(folder / RECEIVED)
    for name, table in [*((n, t) for tables in parts.values() for n, t in tables.items()), ("finding", received)]:
        refuse_other_columns(folder, name, table)
    return Run(
        inputs=Inputs.of(parts["known"], as_of=as_of(said)),
        policy=Policy(**parts["policy"]),
        plan=Plan.of(parts["results"]),
        seed=said["seed"],
        digest=said["inputs"],
        received=received,
    )


def refuse_other_columns(folder: Path, name: str, table: pl.DataFrame) -> None:
    """A kept table has the columns of its schema, each of its type: this version can read no other.

    Raises
    ------
    NoRun
        A column is missing, or is one too many, or is of another type.
    """
    wanted = (ON_DISK | RESULTS)[KEPT_APART.get(name, name)].create_empty().schema
    for column in {**wanted, **table.schema}:
        if wanted.get(column) == table.schema.get(column):
            continue
        en, nl = ("is of another type", "is van een ander type")
        if column not in table.schema:
            en, nl = ("is missing", "ontbreekt")
        elif column not in wanted:
            en, nl = ("is not known", "is onbekend")
        raise NoRun(
            folder,
            f"its table {name} is of another version of dijk: column {column} {en}. Make the plan again with "
            "'dijk plan'.",
            f"de tabel {name} is van een andere versie van dijk: kolom {column} {nl}. Maak het plan opnieuw met "
            "'dijk plan'.",
        )


def read_part(folder: Path, said: Mapping[str, Any], part: str) -> dict[str, pl.DataFrame]:
    """The tables under one heading of the folder, by name."""
    paths = [Path(path) for path in said["files"] if Path(path).parent.name == part]
    return {path.stem: pl.read_parquet(folder / path) for path in paths}


def kept_digest(path: Path) -> str | None:
    """The digest of a file; none where there is no file."""
    return sha256(path.read_bytes()) if path.is_file() else None


def sha256(content: bytes) -> str:
    """The digest by which a file is known."""
    return hashlib.sha256(content).hexdigest()


def as_of(said: Mapping[str, Any]) -> dt.datetime:
    """The moment a manifest speaks from."""
    return dt.datetime.strptime(said["as_of"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def origin(folder: Path) -> Path | None:
    """Where the dataset of a run lay, if that is remembered."""
    try:
        return Path(json.loads((folder / ORIGIN).read_bytes())["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Difference:
    """A file of a run that a replay makes otherwise: in its rows, or only in its bytes."""

    file: str
    kept_rows: int | None
    made_rows: int | None
    columns: tuple[str, ...]


def differences(folder: Path, again: Run) -> list[Difference]:
    """Which files of a run's folder a replay makes otherwise, by the bytes. Nothing means identical.

    The manifest itself is compared by what it lists: versions may differ where every byte is the same.

    Raises
    ------
    NoRun
        The folder is not a run.
    """
    kept, made = read_manifest(folder)["files"], run_files(again)
    paths = sorted(kept.keys() | {path for path in made if Path(path).parent.name in COMPARED})
    differ = [path for path in paths if path not in made or kept.get(path) != sha256(made[path])]
    return [difference(folder, path, made.get(path)) for path in differ]


def difference(folder: Path, path: str, made: bytes | None) -> Difference:
    """In which columns the rows of one file differ; no column means the same rows in other bytes."""
    old = pl.read_parquet(folder / path) if (folder / path).is_file() else None
    new = pl.read_parquet(io.BytesIO(made)) if made is not None else None
    if old is None or new is None:
        return Difference(path, old if old is None else old.height, new if new is None else new.height, columns=())
    names = (
        [name for name in {**old.schema, **new.schema} if not same(old, new, name)] if old.height == new.height else []
    )
    return Difference(path, old.height, new.height, columns=tuple(names))


def same(old: pl.DataFrame, new: pl.DataFrame, column: str) -> bool:
    """Whether a column holds the same values, missing ones included."""
    both = column in old.columns and column in new.columns
    return both and old.schema[column] == new.schema[column] and old[column].equals(new[column], null_equal=True)
