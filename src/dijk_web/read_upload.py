"""An upload as it is read: what can be told, what is refused and why, and what to ask before it is sent.

It is read anew whenever it is asked for, so that the registers of that moment count.
"""

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from dijk.check import check_told
from dijk.check.codes import CODES
from dijk.check.findings import Place, Row, as_table, finding, worst_first
from dijk.files import Dataset, read_folder, refused, with_places
from dijk.files.package import Unreadable, open_package
from dijk.files.read import BOOKS
from dijk.known import as_known
from dijk.policy import Policy
from dijk.tables import ON_DISK
from dijk.tables.languages import Lang
from dijk_web import store
from dijk_web.models import TOLD, Person, Site, Upload
from dijk_web.of_site import as_frame, moment, policy_now, registers_now, with_registers
from dijk_web.people import Role
from dijk_web.upload_rules import CHECKED, NUMBERED, UPLOADS, Teller, broken, not_told_here, numbered, taken
from dijk_web.visible import sites_visible_to

MOST_ROWS = 20_000
"""Rows that one upload may hold: they are read while somebody waits."""

MOST_UNPACKED = 32 * 2**20
"""Bytes that a workbook may unpack to; so many rows with all columns filled take half of it."""

MOST_ASKED = 200
"""Sites whose past is looked at while somebody waits; rows of more are not held against it."""

BY_THE_TOWER = {"known_at": "bekend_op", "source": "bron", "request": "aanvraag", "delivery": "levering"}
"""Columns that the tower fills in where a file does not, in English and Dutch: when, who, and a number."""

AT_ONCE = 10_000
"""Values in one question to the database."""


@dataclass(frozen=True)
class Reading:
    """What came of reading an upload.

    Attributes
    ----------
    told
        The rows that can be told, by table, with where each came from; numbers as the tower keeps them.
    findings
        All that was found, the worst first; an error refuses rows, a warning or note does not.
    unchanged
        Rows that say what is known already, and are not told again.
    held_against_past
        Whether the rows were held against what their sites told before.
    """

    told: Dataset
    findings: pl.DataFrame
    unchanged: int
    held_against_past: bool
    read: Dataset

    @property
    def rows(self) -> int:
        """How many rows can be told."""
        return sum(table.height for table in self.told.tables.values())

    @property
    def seen(self) -> str:
        """A digest of what can be told, by which it is known whether it still is what somebody looked at: another pack
        in the register makes other pieces of the same file.
        """
        whole = hashlib.sha256()
        for name, rows in sorted(self.told.tables.items()):
            whole.update(f"{name}\n{rows.drop('known_at', 'source').write_csv()}".encode())
        return whole.hexdigest()

    @property
    def headings(self) -> bool:
        """Whether a sheet is refused as a whole, because of its headings."""
        return not self.findings.filter(severity="error").filter(pl.col("code").str.starts_with("HEAD")).is_empty()

    def refused(self, lang: Lang) -> pl.DataFrame:
        """The rows that are refused: file, row and why."""
        return refused(self.findings, self.read, lang)


@contextmanager
def as_sent(upload: Upload) -> Iterator[Path]:
    """The file of an upload under the name that its owner knows, behind the table that they said is in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / (f"{upload.table}.{upload.name}" if upload.table else upload.name)
        shutil.copyfile(store.upload(upload.digest), path)
        yield path


def read_upload(upload: Upload, person: Person) -> Reading:
    """Read an upload as somebody tells it now; nothing is written."""
    now = moment()
    policy = policy_now()
    sites = sites_visible_to(person)
    with as_sent(upload) as path:
        read = too_much(path) or read_folder(path, received=now, beside=registers(sites, policy, now))
    read = too_many(read)
    who = Teller(Role(person.role), dict(sites.values_list("site", "kind")), now.date())
    return judged(ours(read), who, policy, now)


def registers(sites: Iterable[Site], policy: Policy, now: dt.datetime) -> dict[str, pl.DataFrame]:
    """What is known beside the file: how its packs, pairs and codes are meant. Of sites those that somebody sees, and
    no organisations, to which no row of an upload refers.
    """
    own = as_known(_in_parts("site", "site", [site.site for site in sites]), ON_DISK["site"], now)
    return registers_now() | {"site": own, "acceptance": policy.acceptance, "norm": policy.norm}


def too_much(path: Path) -> Dataset | None:
    """Nothing but the finding, where a file holds more than can be read while somebody waits."""
    try:
        if path.suffix.lower() in BOOKS:
            with open_package(path) as package:
                if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
                    return too_many_rows(path.name)
        elif path.suffix.lower() == ".parquet" and pl.scan_parquet(path).select(pl.len()).collect().item() > MOST_ROWS:
            return too_many_rows(path.name)
    except (Unreadable, pl.exceptions.PolarsError, OSError):
        return None  # whoever reads it says what is wrong with it
    return None


def too_many(read: Dataset) -> Dataset:
    """What was read, or nothing but the finding where it is too much for one upload."""
    rows = sum(table.height for table in read.tables.values())
    return read if rows <= MOST_ROWS else too_many_rows("-", rows)


def too_many_rows(file: str, rows: int | None = None) -> Dataset:
    """The finding that an upload has too many rows."""
    words = {"most": f"{MOST_ROWS:,}", "what": ("upload", "upload")}
    said = finding(CODES["FILE-12"], Place("-", file), rows, words=words)
    return Dataset({}, as_table([said]), "", {})


def ours(read: Dataset) -> Dataset:
    """Without findings on what the tower itself knows or makes, and on tables that are empty."""
    itself = pl.col("column").is_in([*BY_THE_TOWER, *BY_THE_TOWER.values()])
    filled_in = pl.col("code").is_in(["HEAD-05", "CELL-13"]) & itself.fill_null(False)
    sites = (pl.col("code") == "ROW-05") & (pl.col("column") == "site")
    empty = pl.col("code").is_in(["FILE-01", "FILE-06"])
    return replace(read, findings=read.findings.filter(~(filled_in | sites | empty)))


def judged(read: Dataset, who: Teller, policy: Policy, now: dt.datetime) -> Reading:
    """What of the good rows of a file can be told, by the rules of uploads and by what is known."""
    here = {name: rows for name, rows in read.tables.items() if name in UPLOADS[who.role]}
    others = read.tables.keys() - here.keys()
    aside = [row for name in sorted(others) for row in not_told_here(name, placed(read, name), who)]
    told_now = {name: rows.with_columns(known_at=pl.lit(now, rows.schema["known_at"])) for name, rows in here.items()}
    read = replace(read, tables=told_now, origin={name: read.origin[name] for name in here})
    found = [row for name in here for row in broken(name, placed(read, name), who)]
    findings = worst_first(pl.concat([read.findings, as_table([*aside, *found])]))
    told, said = with_numbers(without(read, refused(findings, read, "en")))
    findings = worst_first(pl.concat([findings, as_table(said)]))
    told = without(told, refused(as_table(said), told, "en"))
    rows = sum(table.height for table in told.tables.values())
    told = not_known_already(told, now)
    unchanged = rows - sum(table.height for table in told.tables.values())
    doubts = doubts_about(told, policy, now)
    if doubts is not None:
        findings = worst_first(pl.concat([findings, doubts]))
        told = without(told, refused(doubts, told, "en"))
    return Reading(told, findings, unchanged, doubts is not None, read)


def placed(read: Dataset, table: str) -> pl.DataFrame:
    """The rows of a table that came from a file, and where from."""
    rows = read.with_origin(table).with_columns(pl.col("_file").cast(pl.String))
    return rows.filter(pl.col("_file").is_not_null())


def without(read: Dataset, refused_rows: pl.DataFrame) -> Dataset:
    """A dataset without the rows that are refused."""
    places = refused_rows.select(_file="file", _row=pl.col("row").cast(pl.UInt32))
    kept = {name: placed(read, name).join(places, on=["_file", "_row"], how="anti") for name in read.tables}
    return split(read, kept)


def split(read: Dataset, rows: Mapping[str, pl.DataFrame]) -> Dataset:
    """A dataset of rows that come with where they came from."""
    names = {name: some for name, some in rows.items() if some.height}
    tables = {name: some.select(read.tables[name].columns) for name, some in names.items()}
    return replace(read, tables=tables, origin={name: some.drop(tables[name].columns) for name, some in names.items()})


def with_numbers(read: Dataset) -> tuple[Dataset, list[Row]]:
    """The dataset with the numbers of its owner as the tower keeps them, and what is wrong with these."""
    tables, said = dict(read.tables), []
    for name in tables.keys() & NUMBERED.keys():
        for column, of in NUMBERED[name].items():
            rows = tables[name]
            tables[name] = numbered(rows, column, sites_of(of, rows[column]).rename({"number": column}))
        column = next(iter(NUMBERED[name]))
        there = sites_of(name, tables[name][column]).rename({"number": column})
        elsewhere = tables[name].join(there, on=column).filter(pl.col("site") != pl.col("site_right"))
        rows = placed(replace(read, tables=tables), name)
        said += taken(name, rows, set(elsewhere[column]))
    return replace(read, tables=tables), said


def sites_of(table: str, numbers: pl.Series) -> pl.DataFrame:
    """The sites that have these numbers: columns ``number`` and ``site``."""
    wanted = numbers.drop_nulls().unique().to_list()
    parts = [wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)]
    found = [
        row
        for part in parts
        for row in TOLD[table].objects.filter(**{f"{table}__in": part}).values_list(table, "site").distinct()
    ]
    return pl.DataFrame(found, schema={"number": pl.String, "site": pl.String}, orient="row")


def not_known_already(read: Dataset, now: dt.datetime) -> Dataset:
    """Without the rows that say what is known already; who checked a figure stays known where a row is silent on it."""
    kept = {}
    for name in read.tables:
        rows = placed(read, name)
        key = [column for column in ON_DISK[name].primary_key() if column != "known_at"]
        there = as_known(_in_parts(name, key[0], rows[key[0]].unique().to_list(), rows), ON_DISK[name], now)
        told = [column for column in ON_DISK[name].column_names() if column not in (*key, "known_at", "source")]
        known = there.select(*key, pl.col(told).name.suffix("_there"), is_there=pl.lit(True))
        same = [pl.col(one).eq_missing(pl.col(f"{one}_there")) | _silent(one) for one in told]
        beside = rows.join(known, on=key, how="left", maintain_order="left")
        is_known = pl.all_horizontal("is_there", *same).fill_null(False)
        kept[name] = beside.filter(~is_known).select(rows.columns)
    return split(read, kept)


def _silent(column: str) -> pl.Expr:
    return pl.col(column).is_null() if column in CHECKED else pl.lit(False)


def _in_parts(table: str, column: str, values: list[str], rows: pl.DataFrame | None = None) -> pl.DataFrame:
    """What was told with these values in a column, asked in parts; of rows with a day, that of the same days alone."""
    by_day = rows is not None and "day" in ON_DISK[table].primary_key()
    days = {"day__in": rows["day"].unique().to_list()} if by_day else {}
    parts = [values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE)] or [[]]
    return pl.concat([as_frame(table, TOLD[table].objects.filter(**{f"{column}__in": part}, **days)) for part in parts])


def doubts_about(read: Dataset, policy: Policy, now: dt.datetime) -> pl.DataFrame | None:
    """What the checks ask about rows that are to be told, with where they stand; None where too many sites are told of
    to look at what each told before.
    """
    named = {site for rows in read.tables.values() for site in rows["site"]}
    if len(named) > MOST_ASKED:
        return None
    sites = list(Site.objects.filter(site__in=named))
    found = check_told(read.tables, with_registers(sites), policy)
    return with_places(found.filter(pl.col("severity") != "note"), read, now)
