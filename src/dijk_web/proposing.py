"""What takes two persons: who may propose it, who may decide, and what a proposal rests on."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import dataframely as dy
import polars as pl
from django.db.models import Max, Q, QuerySet

from dijk.tables import ALL, ON_DISK
from dijk_web.actions.writing import as_table
from dijk_web.dividing import released_divisions
from dijk_web.models import TOLD, Act, Person, Proposal, Sector
from dijk_web.models.proposal import DATASET, DIVISION, LOAN, REPORT, SEAT
from dijk_web.people import GROUP_OF, OF_A_REGION, Directorate, Permission, Role, allows, may
from dijk_web.reporting import last_act_of
from dijk_web.signal import rests_on_other

OF_A_NEED = ("scope", "acceptance")
OF_POLICY = ("policy_rule", "norm", "fence", "scenario", "mandate")
OF_WORDS = ("policy_text",)
JUDGED_BY_TWO = (*OF_POLICY, *OF_WORDS, *OF_A_NEED)
"""Tables of judgements to which a row is added by a proposal alone."""

OF_A_PLAN = tuple(table for table in JUDGED_BY_TWO if table not in ("mandate", *OF_WORDS))
"""Those that a plan reads, so that a proposal has an effect on it."""

SEATED = (
    "person_invited",
    "person_let_in_again",
    "invitation_accepted",
    "person_left",
    "role_changed",
    "proposal_approved",
)
"""Acts after which somebody's role is not what it was."""

Row = Mapping[str, Any]


def key_of(table: str) -> list[str]:
    """The columns that say which judgement a row is about, whatever its days."""
    return [name for name in ON_DISK[table].primary_key() if name not in ("known_at", "valid_from")]


def key_text(table: str, row: Row) -> str:
    """The key of the judgement that a row is about, as addresses have it: ``cap_days|all|all|all``."""
    return "|".join(str(row[name]) for name in key_of(table))


def about_of(table: str, row: Row) -> str:
    """The judgement that a row is about: ``policy_rule:cap_days|all|all|all``."""
    return f"{table}:{key_text(table, row)}"


def row_of(proposal: Proposal) -> dict[str, Any]:
    """The row that a proposal would add, with days as days."""
    days = {name for name, kind in ON_DISK[proposal.kind].columns().items() if isinstance(kind, dy.Date)}
    return {
        name: dt.date.fromisoformat(value) if name in days and value else value
        for name, value in proposal.content.items()
    }


def told_by(proposal: Proposal, known_at: dt.datetime) -> dict[str, pl.DataFrame]:
    """The row that a proposal would add, as a table."""
    return {proposal.kind: as_table(proposal.kind, [row_of(proposal) | {"set_by": proposal.role}], known_at)}


def rows_about(about: str) -> QuerySet[Any]:
    """All rows ever told of a judgement, the newest act first; none where the table or the key does not exist."""
    table, _colon, codes = about.partition(":")
    names, said = key_of(table), codes.split("|")
    if len(names) != len(said):
        return TOLD[table].objects.none()
    return TOLD[table].objects.filter(**dict(zip(names, said, strict=True))).order_by("-act", "-pk")


def last_judged(about: str) -> int:
    """The act that told the last row of a judgement; 0 where there is none."""
    return int(rows_about(about).aggregate(last=Max("act"))["last"] or 0)


def last_about(kind: str, about: str) -> int:
    """The last act on what a proposal is about; 0 where there is none. A division rests on the last that was released:
    the goods that it gives may have gone with that. A report rests on the calendar that it tells.
    """
    if kind in JUDGED_BY_TWO:
        return last_judged(about)
    if kind == DIVISION:
        return int(released_divisions().aggregate(last=Max("act"))["last"] or 0)
    if kind == REPORT:
        return last_act_of(dt.date.fromisoformat(about.partition(":")[2]))
    seated = Act.objects.filter(about=about, name__in=SEATED)  # of a dataset there is none: it goes step by step
    return int(seated.aggregate(last=Max("number"))["last"] or 0)


def is_overtaken(proposal: Proposal) -> bool:
    """Whether what a proposal rests on changed since it was made."""
    if last_about(proposal.kind, proposal.about) > proposal.rests_on:
        return True
    return proposal.kind in OF_WORDS and rests_on_other(proposal.kind, proposal.content)


# Who may


def may_propose(person: Person, table: str, row: Row) -> bool:
    """Whether somebody may propose this row: a region its own rules and fences alone, an expert norms alone."""
    if table in OF_A_NEED:
        return allows(person, Permission.PROPOSE_NEED)
    if table in OF_WORDS:
        return allows(person, Permission.PROPOSE_TEXT)
    if not may(person.role, Permission.PROPOSE_POLICY):
        return False
    match Role(person.role):
        case Role.COORDINATOR:
            return is_of_region(table, row, person.region)
        case Role.EXPERT:
            return table == "norm"
    return True


def may_decide(person: Person, proposal: Proposal) -> bool:
    """Whether somebody may approve or refuse a proposal of another: a region those of its own rules, a directorate of
    care those of its own sectors, the region that would borrow a loan, and nobody one about themselves.
    """
    if proposal.kind == SEAT:
        return may(person.role, Permission.KEEP_PEOPLE) and proposal.about != f"person:{person.code}"
    if proposal.kind == DIVISION:
        return may(person.role, Permission.RELEASE)
    if proposal.kind == REPORT:
        return allows(person, Permission.FREEZE_REPORT)
    if proposal.kind == LOAN:
        return may(person.role, Permission.LEND) and person.region == proposal.content["to_region"]
    if proposal.kind in (DATASET, *OF_A_NEED):
        return allows(person, Permission.APPROVE_NEED)
    if proposal.kind in OF_WORDS:
        return allows(person, Permission.APPROVE_TEXT)
    if proposal.kind not in OF_POLICY or not may(person.role, Permission.APPROVE_POLICY):
        return False
    row = proposal.content
    if Role(person.role) is Role.COORDINATOR:
        return is_of_region(proposal.kind, row, person.region)
    group = GROUP_OF.get(Directorate(person.directorate))
    return group is None or is_of_group(row.get("sector"), group)


def tables_proposed_by(person: Person) -> list[str]:
    """The tables to which somebody may propose some row."""
    own = {"region": person.region, "rule": OF_A_REGION[0]}
    return [table for table in JUDGED_BY_TWO if may_propose(person, table, own)]


def waiting_for(person: Person) -> list[Proposal]:
    """The open proposals that somebody may decide on: never their own. The oldest first. Loans have a list of their
    own.
    """
    others = Proposal.objects.open().exclude(by=person.code).exclude(kind=LOAN).order_by("act")
    return [one for one in others if may_decide(person, one)]


def seen_by(person: Person) -> Q:
    """Which proposals somebody sees: those about people whoever keeps them, all others whoever reads the nation, but
    for loans, which are for the two regions and have pages of their own.
    """
    seats = Q(kind=SEAT) if may(person.role, Permission.KEEP_PEOPLE) else Q(pk__in=[])
    return seats | ~Q(kind__in=[SEAT, LOAN]) if may(person.role, Permission.READ_NATION) else seats


def is_of_region(table: str, row: Row, region: str | None) -> bool:
    """Whether a row is one that a region proposes and decides on itself."""
    own_rule = table == "policy_rule" and row.get("rule") in OF_A_REGION
    return (own_rule or table == "fence") and row.get("region") == region


def is_of_group(sector: Any, group: str) -> bool:
    """Whether a row is of sectors of one group alone: of a sector of it, or of the group as a whole."""
    if sector in (None, ALL):
        return False
    if sector == group:
        return True
    last = Sector.objects.filter(sector=sector).order_by("-known_at").first()
    return last is not None and last.group == group
