"""The reference pages of the tables, the findings and the permissions, made from the code that they describe: ``python
docs/generate.py``.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import dataframely as dy

from dijk.check.codes import ON_READING, PLAUSIBLE, SERIES, STEPS, TABLES, Code
from dijk.check.plausible import HELD_AGAINST, HeldAgainst
from dijk.files.heading import required
from dijk.files.rules import RULES_SAID
from dijk.files.template import ordered
from dijk.files.words import TABLES_NL
from dijk.tables import EFFECT, FACTS, ON_DISK, POLICY, PUBLISHED, REGISTERS, RESULTS
from dijk.tables.columns import choices_in_dutch, unit_of
from dijk_web.people import INVITES, MEANS, OF_A_REGION, SEATS, Permission, Role, Scope, needs_second_factor
from dijk_web.upload_rules import ON_TELLING, UPLOADS

MADE = "<!-- Made by docs/generate.py; change the code it describes. -->\n"
GROUPS = (
    ("Registers", "Who and what there is. A change is a new row with the same code, known later.", REGISTERS),
    (
        "Facts",
        "What was seen, asked, sent and promised. Only ever added; of each key the row known last counts.",
        FACTS,
    ),
    ("Judgements", "What people decide. Versioned rows with a basis, a source and an end day.", POLICY),
    ("Published", "Results of earlier runs, read back as facts.", PUBLISHED),
    ("Results", "What a plan says.", RESULTS),
    ("Effects", "What a plan would say with judgements that somebody proposes, beside what it says.", EFFECT),
)


def tables() -> str:
    """docs/reference/tables.md."""
    lines = [
        "# Tables",
        "",
        MADE,
        "A dataset is a folder of CSV, Parquet or Excel files named after these tables, in English or Dutch; "
        "several files for one",
        "table are named `stock.hospital-a.xlsx`. **Bold** columns make up the key; a column with a dot (·) may "
        "be left out or empty.",
        "`dijk template FOLDER` writes an empty workbook for each.",
        "",
    ]
    for title, meaning, group in GROUPS:
        lines += [f"## {title}", "", meaning, ""]
        for name, schema in group.items():
            lines += one_table(name, schema)
    return "\n".join(lines)


def one_table(name: str, schema: type[dy.Schema]) -> Iterator[str]:
    """A table: its meaning, its columns and its rules."""
    dutch = f" ({TABLES_NL[name]})" if name in TABLES_NL and TABLES_NL[name] != name else ""
    yield from (f"### {name}{dutch}", "", " ".join((schema.__doc__ or "").split()), "")
    yield from ("| column | in Dutch | meaning | unit | holds |", "|---|---|---|---|---|")
    for column in ordered(name) if name in ON_DISK else schema.column_names():
        kind = schema.columns()[column]
        shown = f"**`{column}`**" if column in schema.primary_key() else f"`{column}`"
        must = column in required(name) if name in ON_DISK else not kind.nullable
        meta = kind.metadata or {}
        yield (
            f"| {shown}{'' if must else ' ·'} | {meta.get('nl')} | {kind.description} | {unit_of(kind)} "
            f"| {holds(kind)} |"
        )
    rules = [rule for rule in schema._validation_rules(with_cast=False) if rule in RULES_SAID]
    yield ""
    for rule in rules:
        yield from (f"Rule: {RULES_SAID[rule][0]}", "")


def holds(kind: dy.Column) -> str:
    """What a column may hold."""
    refers = (kind.metadata or {}).get("refers")
    if isinstance(kind, dy.Enum):
        return ", ".join(f"`{option}` ({words[0]})" for option, words in choices_in_dutch(kind).items())
    if isinstance(kind, dy.String):
        what = "code" if kind.min_length == 1 else "text"
        return f"a {what} of `{refers}`" if refers else f"{what}, at most {kind.max_length} characters"
    if isinstance(kind, dy.Bool):
        return "yes or no"
    if isinstance(kind, dy.List):
        return "a list"
    if isinstance(kind, dy.Datetime):
        return "moment in UTC, to the second"
    if isinstance(kind, dy.Date):
        return "day"
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    what = "whole number" if kind.dtype.is_integer() else "number"
    if least is None or most is None:
        return what
    return f"{what}, {shown(least)} to {shown(most)}"


def shown(number: float) -> str:
    """A limit as people read it."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:g}"


def findings() -> str:
    """docs/reference/findings.md."""
    lines = [
        "# Findings",
        "",
        MADE,
        "A finding says where something stands (file with its sheet, row as the spreadsheet counts, column), what "
        "was found, and what",
        "was wanted, in Dutch and English. An **error** stops: the dataset cannot be planned until it is mended. "
        "A **warning** wants a",
        "person's reason. A **note** informs. Rows without an error are read whatever else is found. Codes keep "
        "their meaning for ever.",
        "",
        "What is found between tables names the file and row of its first example. `dijk check --json` lists "
        "all of them under `examples`,",
        "each with what was found, the key of its row (`by` names the columns, `key` what stands in them), "
        "file and row; on the screen five",
        "are shown. Where a key names several rows, such as a series, the last is told. File and row are "
        "empty where nothing of it stands in",
        "a file: a rule that nobody set, a row that is missing, a figure that dijk made. On reading, a "
        "finding that holds for many rows of a",
        "file at once tells its first row and how many there are; the examples name them all. On meaning, the key of "
        "the row stands "
        "before the colon and the value behind",
        "it; a row of `warning_reason` with that code, table, column, key and value silences it.",
        "",
        "`dijk check` takes the steps of a plan to find what forecast and division would find, and finds the "
        "same as `dijk plan`; errors stop",
        "both, and `dijk check --quick` leaves the steps out. Without `--as-of` the world is seen from the "
        "newest moment that a file tells in",
        "`known_at`; a moment that was filled in from a day does not count.",
        "",
    ]
    for title, codes in KINDS.items():
        lines += [f"## {title}", "", "| code | | what | wat | wanted | gewenst |", "|---|---|---|---|---|---|"]
        lines += [*map(one_code, codes), ""]
    return "\n".join(lines)


def one_code(said: Code) -> str:
    """A code of a finding, as a row."""
    texts = (said.title, said.titel, cell(said.en), cell(said.nl))
    return f"| {said.code} | {said.severity} | {' | '.join(texts)} |"


KINDS = {
    "On reading the files": ON_READING,
    "On what must hold between tables": TABLES,
    "On meaning: a value against its past, its peers and what else is known": PLAUSIBLE,
    "On what follows: requests, forecast, division": STEPS,
    "On public series and lists": SERIES,
    "On an upload in the web application": ON_TELLING,
}
"""Headings of the page of findings."""


def cell(text: str) -> str:
    """A text in a cell, its gaps as dots."""
    return re.sub(r"\{\w+\}", "…", text).strip()


def checks() -> str:
    """docs/reference/checks.md."""
    lines = [
        "# What is held against what",
        "",
        MADE,
        "Each row is one check of meaning: a value of a table, and what it is held against. A value is named when it "
        "is more than *factor* times",
        "what it is held against, or less than that part of it; or, where a check is of days, so many days off. The "
        "floor is added on both sides, so that",
        "little is never far. No factor comes from a guideline: all are assumed, and set so that a clean country is "
        "hardly ever doubted; `python",
        "benchmarks/checks.py` prints how often each fires there, and how many of 200 planted faults of its kind it "
        "finds. Each warning takes a reason,",
        "as [findings](findings.md) tells.",
        "",
        "| code | table | column | held against | gehouden tegen | of the same | factor | floor |",
        "|---|---|---|---|---|---|---|---|",
        *map(one_check, HELD_AGAINST),
        "",
    ]
    return "\n".join(lines)


def one_check(check: HeldAgainst) -> str:
    """A check of meaning, as a row."""
    factor = f"{check.factor:g}" if check.factor != 1 else ""
    floor = check.floor if isinstance(check.floor, str) else f"{check.floor:g}" if check.floor else ""
    where = (check.code, check.table, check.column, *map(cell, check.against), ", ".join(check.group))
    return f"| {' | '.join(where)} | {factor} | {floor} |"


REACHES = {
    Scope.OWN: "own organisation",
    Scope.REGION: "own region",
    Scope.ALL: "whole country",
    Scope.NONE: "no sites",
}
OF_NO_SITE = {
    *(Permission.TELL_INBOUND, Permission.PLAN, Permission.TAKE_IN, Permission.READ_TOTALS, Permission.READ_CENTRE),
    *(Permission.READ_LEVELS, Permission.READ_NATION, Permission.READ_DESKS, Permission.KEEP_PEOPLE),
    *(Permission.PROPOSE_NEED, Permission.APPROVE_NEED, Permission.PROPOSE_POLICY),
    *(Permission.PROPOSE_TEXT, Permission.APPROVE_TEXT),
    *(Permission.SIGN_VERDICT, Permission.OBJECT, Permission.REVIEW),
    *(Permission.ASK_QUESTION, Permission.ANSWER_QUESTION),
}
"""Permissions that no scope narrows."""
NARROWED = {
    (Role.COORDINATOR, Permission.PROPOSE_POLICY): "region's own",
    (Role.COORDINATOR, Permission.APPROVE_POLICY): "region's own",
    (Role.EXPERT, Permission.PROPOSE_POLICY): "norms",
    (Role.OFFICIAL, Permission.APPROVE_POLICY): "GMT; CZ and LZ of their sectors",
    (Role.OFFICIAL, Permission.APPROVE_NEED): "GMT",
    (Role.OFFICIAL, Permission.APPROVE_TEXT): "GMT",
    (Role.OFFICIAL, Permission.REVIEW): "GMT",
    (Role.OFFICIAL, Permission.READ_INBOUND): "GMT",
}
"""Where a role has less than a permission says."""
MARK = {Scope.OWN: "own", Scope.REGION: "region", Scope.ALL: "all", Scope.NONE: "yes"}


def permissions() -> str:
    """docs/reference/permissions.md."""
    lines = [
        "# Who may do what",
        "",
        MADE,
        "A person in the web application has one role. A role reaches as far as its scope: what lies outside does not "
        "exist for it, and what",
        "it may see but not change is refused with a reason. A test holds every page beside a table of who opens it.",
        "",
        "## Roles",
        "",
        "| role | rol | comes to | komt om | reaches | second factor | lets in |",
        "|---|---|---|---|---|---|---|",
        *map(one_role, Role),
        "",
        "Nobody changes their own role, lets themselves go, or gives a role that is not in their own row. Of an "
        "institution only an owner lets",
        "others in: the first person of an organisation, and after an owner leaves the next who comes in. An "
        "invitation works once, for fourteen",
        "days. Who leaves is out at once, on every device.",
        "",
        "## Permissions",
        "",
        f"| to | {' | '.join(SEATS[role].en for role in Role)} |",
        "|---" * (len(Role) + 1) + "|",
        *(one_permission(permission, means) for permission, means in MEANS.items()),
        "",
        "*own*: of the own organisation, or those of its sites that the person is for; *region*: of the own region; "
        "*all*: of the whole country;",
        "*yes*: it is not about sites. Telling and asking for another is marked as on behalf. *Region's own*: the "
        "fences of the own region, and",
        f"the rules {', '.join(f'`{rule}`' for rule in OF_A_REGION)}.",
        "",
        "What is proposed, another person decides, whatever their role or rank. Of a dataset that holds judgements the "
        "directorate GMT decides.",
        "A role that may propose or approve is given, or let in again, by two administrators: one proposes it, another "
        "approves; where there",
        "is one alone, `dijk administrator` at the machine lets in a second.",
        "",
        "## Uploads",
        "",
        "What each role tells by a file, and of which kinds of site; of whose sites, its scope says.",
        "",
        f"| table | {' | '.join(SEATS[role].en for role in UPLOADS)} |",
        "|---" * (len(UPLOADS) + 1) + "|",
        *map(one_upload, UPLOADS[Role.PLANNER]),
        "",
    ]
    return "\n".join(lines)


def one_upload(table: str) -> str:
    """A table that is uploaded, as a row."""
    kinds = (", ".join(f"`{kind}`" for kind in tables.get(table, ())) or "–" for tables in UPLOADS.values())
    return f"| `{table}` | {' | '.join(kinds)} |"


def one_role(role: Role) -> str:
    """A role, as a row."""
    seat = SEATS[role]
    invited = INVITES.get(role, frozenset())
    lets_in = "every role" if invited == frozenset(Role) else ", ".join(SEATS[one].en for one in Role if one in invited)
    second = "required" if needs_second_factor(role) else "offered"
    told = (seat.en, seat.nl, seat.sentence_en, seat.sentence_nl, REACHES[seat.scope], second, lets_in or "nobody")
    return f"| {' | '.join(told)} |"


def one_permission(permission: Permission, means: str) -> str:
    """A permission, as a row with a cell per role."""
    narrowed = permission not in OF_NO_SITE
    marks = {
        role: MARK[seat.scope if narrowed else Scope.NONE] for role, seat in SEATS.items() if permission in seat.may
    }
    cells = (NARROWED.get((role, permission)) or marks.get(role, "–") for role in SEATS)
    return f"| {means} (`{permission}`) | {' | '.join(cells)} |"


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables,
    "findings.md": findings,
    "checks.md": checks,
    "permissions.md": permissions,
}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (Path(__file__).parent / "reference" / page).write_text(write(), encoding="utf-8")
