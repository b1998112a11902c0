"""What may be told by upload: which tables by whom, and what holds for rows beside what holds for any file."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Code, Place, Row, examples_by, finding
from dijk.files.limits import MOST_ALIKE
from dijk.tables import ON_DISK
from dijk.tables.facts import CHANNELS, FILL_ORDERS
from dijk_web.people import Permission, Role, may

CARE = ("care", "outlet")
OF_CARE = dict.fromkeys(("stock", "use", "activity", "request", "delivery"), CARE)

UPLOADS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.INSTITUTION: OF_CARE,
    Role.COORDINATOR: {**OF_CARE, "stock": (*CARE, "regional_hub")},
    Role.PLANNER: {**OF_CARE, "stock": (*CARE, "regional_hub", "warehouse")},
}
"""One table: what each role uploads, and of which kinds of site; of whose sites, its scope says."""

OWN_WAYS = tuple(channel for channel in CHANNELS if channel not in FILL_ORDERS)
"""Ways of delivery of which the site knows first: what it bought or was given."""

NUMBERED = {
    "request": {"request": "request", "repeats": "request"},
    "delivery": {"delivery": "delivery", "request": "request"},
}
"""Tables whose rows have a number that its owner gave: the columns that hold such numbers, and of which table they are;
that of the row itself is first.
"""

CHECKED = ("checked_by", "checked_pieces")

NOT_YOURS = Code(
    "TELL-01",
    "error",
    "Not one of your sites",
    "Niet een van uw locaties",
    "The code of a site for which you tell.",
    "De code van een locatie waarvoor u meldt.",
)
NOT_OF_THIS_KIND = Code(
    "TELL-02",
    "error",
    "A site of which this is not told here",
    "Een locatie waarvan dit hier niet wordt gemeld",
    "A site where care is given, or for stock a hub or warehouse that you look after.",
    "Een locatie waar zorg wordt gegeven, of bij voorraad een depot of magazijn waar u over gaat.",
)
NOT_TOLD_HERE = Code(
    "TELL-03",
    "warning",
    "Table that is not told by upload",
    "Tabel die niet per bestand wordt gemeld",
    "One of these tables: {tables}. These rows are left aside.",
    "Een van deze tabellen: {tables}. Deze regels blijven buiten beschouwing.",
)
NOT_YOUR_WAY = Code(
    "TELL-04",
    "error",
    "A delivery that its sender tells of",
    "Een levering die de afzender meldt",
    "What the site bought or was given itself; who sends the rest tells of it.",
    "Wat de locatie zelf kocht of kreeg; van de rest doet de afzender opgave.",
)
CHECKED_ITSELF = Code(
    "TELL-05",
    "error",
    "A check that others tell of",
    "Een controle die anderen melden",
    "An empty cell: the region or the consortium says what it checked.",
    "Een lege cel: de regio of het consortium zegt wat zij controleerden.",
)
NOT_BEGUN = Code(
    "TELL-06",
    "error",
    "A day that has not begun",
    "Een dag die nog niet is begonnen",
    "A day up to {today}.",
    "Een dag tot en met {vandaag}.",
)
TAKEN = Code(
    "TELL-07",
    "error",
    "A number that cannot be used",
    "Een nummer dat niet bruikbaar is",
    "A number that no other site has, without a slash, and with the code of the site before it at most {most} signs.",
    "Een nummer dat geen andere locatie heeft, zonder schuine streep, en met de code van de locatie ervoor hoogstens "
    "{most} tekens.",
)
NO_TEXT = Code(
    "TELL-08",
    "error",
    "A sign that is no text",
    "Een teken dat geen tekst is",
    "Letters, digits and signs that can be read; type the text again.",
    "Letters, cijfers en tekens die te lezen zijn; typ de tekst opnieuw.",
)
NOT_CHECKED = Code(
    "TELL-09",
    "error",
    "A need that its region does not check",
    "Een behoefte die de regio niet toetst",
    "A need that goes past the region: what is direct goes out as it is.",
    "Een behoefte die langs de regio gaat: wat direct is gaat ongewijzigd uit.",
)
"""Said of a workbook with moves."""

ON_TELLING = (
    NOT_YOURS,
    NOT_OF_THIS_KIND,
    NOT_TOLD_HERE,
    NOT_YOUR_WAY,
    CHECKED_ITSELF,
    NOT_BEGUN,
    TAKEN,
    NO_TEXT,
    NOT_CHECKED,
)
"""What is found on an upload beside what is found in any file."""


@dataclass(frozen=True)
class Teller:
    """Who uploads: the role, the kinds of the sites that it may see by their codes, and the day on which it tells."""

    role: Role
    kinds: dict[str, str]
    today: dt.date


def not_told_here(table: str, rows: pl.DataFrame, who: Teller) -> list[Row]:
    """One warning for each file with a table that this role does not upload."""
    words = {"tables": ", ".join(UPLOADS[who.role])}
    return list(said(NOT_TOLD_HERE, table, None, rows.with_columns(found=pl.lit(table)), **words))


def broken(table: str, rows: pl.DataFrame, who: Teller) -> list[Row]:
    """What is wrong with rows of a table that is told here; rows come with where they stand (``_file``, ``_row``)."""
    return [row for rule in RULES for row in rule(table, rows, who)]


def _sites(table: str, rows: pl.DataFrame, who: Teller) -> Iterator[Row]:
    kind = pl.col("site").replace_strict(who.kinds, default=None, return_dtype=pl.String)
    kinds = rows.with_columns(kind=kind, found="site")
    yield from said(NOT_YOURS, table, "site", kinds.filter(pl.col("kind").is_null()))
    told = UPLOADS[who.role][table]
    yield from said(NOT_OF_THIS_KIND, table, "site", kinds.filter(~pl.col("kind").is_in(told)))


def _signs(table: str, rows: pl.DataFrame, who: Teller) -> Iterator[Row]:
    """A text with a NUL, which a workbook may hold and a database may not."""
    for column in (name for name, kind in rows.schema.items() if kind == pl.String and not name.startswith("_")):
        wrong = rows.filter(pl.col(column).str.contains("\0", literal=True))
        readable = pl.col(column).str.replace_all("\0", "?", literal=True)
        yield from said(NO_TEXT, table, column, wrong.with_columns(found=readable))


def _ways(table: str, rows: pl.DataFrame, who: Teller) -> Iterator[Row]:
    if "channel" in rows.columns:
        others = rows.filter(~pl.col("channel").cast(pl.String).is_in(OWN_WAYS))
        yield from said(NOT_YOUR_WAY, table, "channel", others.with_columns(found=pl.col("channel").cast(pl.String)))


def _checks(table: str, rows: pl.DataFrame, who: Teller) -> Iterator[Row]:
    if may(who.role, Permission.CONFIRM):
        return
    for column in (name for name in CHECKED if name in rows.columns):
        checked = rows.filter(pl.col(column).is_not_null())
        yield from said(CHECKED_ITSELF, table, column, checked.with_columns(found=pl.col(column).cast(pl.String)))


def _days(table: str, rows: pl.DataFrame, who: Teller) -> Iterator[Row]:
    words = {"today": f"{who.today:%Y-%m-%d}", "vandaag": f"{who.today:%d-%m-%Y}"}
    ahead = rows.filter(pl.col("day") > who.today).with_columns(found=pl.col("day").cast(pl.String))
    yield from said(NOT_BEGUN, table, "day", ahead, **words)


def _twice(table: str, rows: pl.DataFrame, who: Teller) -> Iterator[Row]:
    """All rows become known at once, so that two of one key cannot both be meant."""
    key = [name for name in ON_DISK[table].primary_key() if name != "known_at"]
    found = pl.concat_str(pl.col(key).cast(pl.String), separator=" ")
    twice = rows.filter(rows.select(key).is_duplicated()).with_columns(found=found)
    yield from said(CODES["ROW-02"], table, None, twice, key=", ".join(key))


RULES: tuple[Callable[[str, pl.DataFrame, Teller], Iterator[Row]], ...] = (
    _signs,
    _sites,
    _ways,
    _checks,
    _days,
    _twice,
)


def taken(table: str, rows: pl.DataFrame, elsewhere: set[str]) -> list[Row]:
    """Rows whose number another site has, is longer than a number may be, or does not fit in an address."""
    column = next(iter(NUMBERED[table]))
    most = int(ON_DISK[table].columns()[column].max_length or 0)  # type: ignore[attr-defined]
    number = pl.col(column)
    unfit = (number.str.len_chars() > most) | number.str.contains("/", literal=True)
    wrong = rows.filter(number.is_in(list(elsewhere)) | unfit)
    return list(said(TAKEN, table, column, wrong.with_columns(found=column), most=most))


def numbered(rows: pl.DataFrame, column: str, known: pl.DataFrame) -> pl.DataFrame:
    """Rows with the code of their site before each number that its owner gave, so that nobody meets another's number;
    ``known`` has the numbers that the tower knows with their ``site``, and those stay as they are.
    """
    own = rows.select(column, "site").with_row_index("_at").join(known, on=[column, "site"], how="semi")["_at"]
    stays = pl.int_range(pl.len()).is_in(own.implode()) | pl.col(column).str.starts_with(pl.col("site") + "-")
    return rows.with_columns(
        pl.when(stays).then(column).otherwise(pl.concat_str("site", pl.lit("-"), column)).alias(column)
    )


def said(code: Code, table: str, column: str | None, rows: pl.DataFrame, **words: object) -> Iterator[Row]:
    """One finding for each thing found in a file, with all its rows (``_file``, ``_row``, ``found``); past so many of
    them one for the rest.
    """
    groups = rows.group_by("_file", "found", maintain_order=True).agg("_row")
    few = groups if groups.height <= MOST_ALIKE else groups.head(MOST_ALIKE - 1)
    for some in (*few.iter_slices(1), *([rest] if (rest := groups.slice(few.height)).height else [])):
        each = some.explode("_row").select("found", key=pl.lit(None, pl.String), file="_file", row="_row")
        first = each.row(0, named=True)
        place = Place(table, first["file"], first["row"], column, examples_by([], each))
        yield finding(code, place, first["found"], rows=each.height, words=words)
