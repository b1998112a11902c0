"""Who may do what: permissions, roles with a sentence for people, and one table from role to permissions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Permission(StrEnum):
    """What may be done or read. Whose it may be done to is the scope of a role: own, its region, or all."""

    TELL = "tell"
    TELL_HELD = "tell_held"
    TELL_INBOUND = "tell_inbound"
    ASK = "ask"
    CONFIRM = "confirm"
    ANSWER_URGENT = "answer_urgent"
    RELEASE_URGENT = "release_urgent"
    ASK_TO_REPORT = "ask_to_report"
    PLAN = "plan"
    CHECK_DIVISION = "check_division"
    RELEASE = "release"
    SEND = "send"
    RECEIVE = "receive"
    LEND = "lend"
    READ_LOANS = "read_loans"
    READ_LOTS = "read_lots"
    BLOCK_LOT = "block_lot"
    RECALL = "recall"
    PROPOSE_NEED = "propose_need"
    APPROVE_NEED = "approve_need"
    PROPOSE_POLICY = "propose_policy"
    APPROVE_POLICY = "approve_policy"
    PROPOSE_TEXT = "propose_text"
    APPROVE_TEXT = "approve_text"
    SIGN_VERDICT = "sign_verdict"
    OBJECT = "object"
    ASK_QUESTION = "ask_question"
    ANSWER_QUESTION = "answer_question"
    REVIEW = "review"
    MAKE_REPORT = "make_report"
    FREEZE_REPORT = "freeze_report"
    WANT_REPORT = "want_report"
    TAKE_IN = "take_in"
    READ_SITES = "read_sites"
    READ_TOTALS = "read_totals"
    READ_CENTRE = "read_centre"
    READ_INBOUND = "read_inbound"
    READ_INBOUND_TOTALS = "read_inbound_totals"
    READ_LEVELS = "read_levels"
    READ_REPORT = "read_report"
    READ_WORK = "read_work"
    READ_DRAFT = "read_draft"
    READ_NATION = "read_nation"
    DOWNLOAD = "download"
    READ_LOG = "read_log"
    READ_LOG_OF_PEOPLE = "read_log_of_people"
    READ_DESKS = "read_desks"
    KEEP_DESKS = "keep_desks"
    READ_CONTACTS = "read_contacts"
    INVITE = "invite"
    KEEP_PEOPLE = "keep_people"
    READ_OUTBOX = "read_outbox"


MEANS: dict[Permission, str] = {
    Permission.TELL: "tell stock, use, activity and own purchases of sites",
    Permission.TELL_HELD: "tell the stock of hubs and warehouses",
    Permission.TELL_INBOUND: "tell what is ordered and on its way",
    Permission.ASK: "ask, change, withdraw and repeat a request, also an urgent one",
    Permission.CONFIRM: "confirm a demand by call and a size, and second a count",
    Permission.ANSWER_URGENT: "answer an urgent request",
    Permission.RELEASE_URGENT: "release packs alone on an urgent request, and confirm or take back what another so "
    "released",
    Permission.ASK_TO_REPORT: "ask sites to report",
    Permission.PLAN: "ask for a plan and publish its levels",
    Permission.CHECK_DIVISION: "check what a division gives the region: move packs inside it, accept it or ask it back",
    Permission.RELEASE: "propose a division from a run, and release one that another person proposed",
    Permission.SEND: "send what was released: a region from its hub",
    Permission.RECEIVE: "say what was received: at one's own sites of care, or at a hub or warehouse that one keeps",
    Permission.LEND: "lend from the hub of the region to that of another and back, and answer what another offers",
    Permission.READ_LOANS: "read loans between regions: a region what it lends and borrows, others all",
    Permission.READ_LOTS: "read what hubs and warehouses hold by lot: the hub of the region, all, or warehouses alone",
    Permission.BLOCK_LOT: "block a lot and let it go: a region at its hub, a buyer what is in quarantine",
    Permission.RECALL: "recall a lot from everyone who received it, and end a recall: a region in its own part",
    Permission.PROPOSE_NEED: "propose how far a need is on the list, and which article serves it",
    Permission.APPROVE_NEED: "approve that, where another person proposed it",
    Permission.PROPOSE_POLICY: "propose a rule, a norm, a fence, a scenario or a mandate",
    Permission.APPROVE_POLICY: "approve that, where another person proposed it",
    Permission.PROPOSE_TEXT: "propose who counts as an informal carer, and what other sectors may expect of a need",
    Permission.APPROVE_TEXT: "approve that, where another person proposed it",
    Permission.SIGN_VERDICT: "sign a verdict on a need, which holds at once",
    Permission.OBJECT: "object to the verdict that holds, which changes nothing",
    Permission.ASK_QUESTION: "ask a question about a need, or about what is not listed",
    Permission.ANSWER_QUESTION: "answer a question",
    Permission.REVIEW: "say at a meeting what is settled and what comes back, and close it",
    Permission.MAKE_REPORT: "make a draft or an interim report, and correct one",
    Permission.FREEZE_REPORT: "propose to freeze a report, freeze one that another proposed, and move its day",
    Permission.WANT_REPORT: "ask for an interim report",
    Permission.TAKE_IN: "upload an outside monitor, and take in a dataset of the past",
    Permission.READ_SITES: "read facts and lines of sites, and why a number",
    Permission.READ_TOTALS: "read totals of the national picture, and no sites",
    Permission.READ_CENTRE: "read the stock of the centre",
    Permission.READ_INBOUND: "read single orders: what is ordered and on its way, of whom, and at what price",
    Permission.READ_INBOUND_TOTALS: "read what comes in and its money in totals, and no single order",
    Permission.READ_LEVELS: "read the published levels",
    Permission.READ_REPORT: "read frozen reports, in the edition of what else one reads",
    Permission.READ_WORK: "read what waits at each desk: a region its own",
    Permission.READ_DRAFT: "read reports before they are frozen",
    Permission.READ_NATION: "read the national picture without lines of sites",
    Permission.DOWNLOAD: "download dataset and runs",
    Permission.READ_LOG: "read the log of an object",
    Permission.READ_LOG_OF_PEOPLE: "read the log of people, and no other",
    Permission.READ_DESKS: "read whom to ask",
    Permission.KEEP_DESKS: "keep desks, and contacts where they are read: one's own, of the region, or all",
    Permission.READ_CONTACTS: "read whom to call at a site",
    Permission.INVITE: "see people, invite them and let them go",
    Permission.KEEP_PEOPLE: "do so for every role, and give another role",
    Permission.READ_OUTBOX: "read what mail goes out, and send what was given up once more",
}
"""What each permission allows, as people read it."""


class Scope(StrEnum):
    """To whose sites a role reaches."""

    OWN = "own"
    REGION = "region"
    ALL = "all"
    NONE = "none"


class Directorate(StrEnum):
    """The directorate of an official."""

    GMT = "GMT"
    CZ = "CZ"
    LZ = "LZ"


class Role(StrEnum):
    """What a person comes to do."""

    INSTITUTION = "institution"
    COORDINATOR = "coordinator"
    PLANNER = "planner"
    BUYER = "buyer"
    OFFICIAL = "official"
    EXPERT = "expert"
    SECURITY = "security"
    DISCLOSURE = "disclosure"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Seat:
    """A role as people read it, how far it reaches, and what it may do there."""

    en: str
    nl: str
    sentence_en: str
    sentence_nl: str
    scope: Scope
    may: frozenset[Permission]


P = Permission
_NATION = {P.READ_NATION, P.READ_LEVELS, P.READ_DESKS, P.READ_REPORT}
_TALK = {P.ASK_QUESTION, P.ANSWER_QUESTION}

SEATS: dict[Role, Seat] = {
    Role.INSTITUTION: Seat(
        "care institution",
        "zorginstelling",
        "Tells stock, use and activity of its own sites, orders for them, and reads what they get and why.",
        "Meldt voorraad, verbruik en activiteit van de eigen locaties, bestelt daarvoor, en leest wat zij krijgen en "
        "waarom.",
        Scope.OWN,
        frozenset(
            {P.TELL, P.ASK, P.RECEIVE, P.READ_SITES, P.READ_LEVELS, P.READ_REPORT, P.DOWNLOAD, P.READ_LOG, P.INVITE}
            | {P.READ_DESKS, P.KEEP_DESKS, P.READ_CONTACTS, P.ASK_QUESTION}
        ),
    ),
    Role.COORDINATOR: Seat(
        "regional coordinator",
        "regiocoördinator",
        "Sees who in the region has not answered, calls them, answers for them, answers urgent requests, and checks "
        "what a division gives its sites.",
        "Ziet wie in de regio niet heeft geantwoord, belt, antwoordt namens hen, beantwoordt spoedaanvragen, en toetst "
        "wat een verdeling de locaties geeft.",
        Scope.REGION,
        frozenset(
            _NATION
            | {P.TELL, P.TELL_HELD, P.ASK, P.CONFIRM, P.ANSWER_URGENT, P.ASK_TO_REPORT, P.READ_SITES, P.DOWNLOAD}
            | {P.RELEASE_URGENT}
            | {P.READ_LOG, P.KEEP_DESKS, P.READ_CONTACTS, P.INVITE, P.PROPOSE_POLICY, P.APPROVE_POLICY}
            | {P.CHECK_DIVISION, P.SEND, P.RECEIVE, P.ASK_QUESTION, P.READ_LOTS, P.BLOCK_LOT, P.RECALL, P.READ_WORK}
            | {P.LEND, P.READ_LOANS}
        ),
    ),
    Role.PLANNER: Seat(
        "planner of the consortium",
        "planner van het consortium",
        "Keeps the picture of the nation, runs plans, publishes their levels, and releases divisions that another "
        "proposed.",
        "Houdt het landelijke beeld bij, maakt plannen, publiceert de niveaus, en geeft verdelingen vrij die een ander "
        "voorstelde.",
        Scope.ALL,
        frozenset(
            _NATION
            | {P.TELL, P.TELL_HELD, P.TELL_INBOUND, P.ASK, P.CONFIRM, P.ANSWER_URGENT, P.ASK_TO_REPORT, P.PLAN}
            | {P.RELEASE, P.RELEASE_URGENT, P.SEND, P.RECEIVE, P.READ_LOTS, P.BLOCK_LOT, P.RECALL, P.READ_LOANS}
            | {P.MAKE_REPORT, P.FREEZE_REPORT, P.READ_DRAFT, P.READ_WORK, P.READ_CONTACTS}
            | {P.TAKE_IN, P.READ_SITES, P.READ_INBOUND, P.READ_INBOUND_TOTALS, P.DOWNLOAD, P.READ_LOG, P.KEEP_DESKS}
            | {P.PROPOSE_NEED, P.PROPOSE_POLICY, P.PROPOSE_TEXT, P.APPROVE_TEXT, P.OBJECT, P.REVIEW}
            | _TALK
        ),
    ),
    Role.BUYER: Seat(
        "buyer of the consortium",
        "inkoper van het consortium",
        "Tells what is ordered and on its way, and reads the picture and the central stock.",
        "Meldt wat besteld en onderweg is, en leest het beeld en de centrale voorraad.",
        Scope.NONE,
        frozenset(
            _NATION
            | _TALK
            | {P.TELL_INBOUND, P.READ_INBOUND, P.READ_INBOUND_TOTALS, P.READ_CENTRE, P.PROPOSE_NEED}
            | {P.READ_LOTS, P.BLOCK_LOT}
        ),
    ),
    Role.OFFICIAL: Seat(
        "official of the ministry",
        "ambtenaar van het ministerie",
        "Reads every figure down to the sites behind it, of the whole country, and proposes and approves policy.",
        "Leest elk cijfer tot op de locaties erachter, van het hele land, en stelt beleid voor en keurt het goed.",
        Scope.ALL,
        frozenset(
            _NATION
            | {P.READ_SITES, P.READ_LOTS, P.READ_INBOUND_TOTALS, P.READ_LOG, P.KEEP_DESKS}
            | {P.PROPOSE_NEED, P.PROPOSE_POLICY, P.APPROVE_POLICY, P.PROPOSE_TEXT, P.OBJECT}
            | {P.WANT_REPORT, P.READ_DRAFT, P.READ_WORK}
            | _TALK
        ),
    ),
    Role.EXPERT: Seat(
        "expert",
        "deskundige",
        "Reads the national picture and its totals, signs verdicts, and proposes norms and what care needs.",
        "Leest het landelijke beeld en de totalen, tekent oordelen, en stelt normen voor en wat de zorg nodig heeft.",
        Scope.NONE,
        frozenset(_NATION | _TALK | {P.READ_TOTALS, P.PROPOSE_NEED, P.PROPOSE_POLICY, P.SIGN_VERDICT}),
    ),
    Role.SECURITY: Seat(
        "supply-security officer",
        "medewerker leveringszekerheid",
        "Reads the national picture and its totals.",
        "Leest het landelijke beeld en de totalen.",
        Scope.NONE,
        frozenset(_NATION | {P.READ_TOTALS}),
    ),
    Role.DISCLOSURE: Seat(
        "disclosure officer",
        "medewerker openbaarmaking",
        "Reads the national picture and its totals.",
        "Leest het landelijke beeld en de totalen.",
        Scope.NONE,
        frozenset(_NATION | {P.READ_TOTALS}),
    ),
    Role.AUDITOR: Seat(
        "auditor",
        "auditor",
        "Reads everything, the log too, and changes nothing.",
        "Leest alles, ook het logboek, en wijzigt niets.",
        Scope.ALL,
        frozenset(
            _NATION
            | {P.READ_SITES, P.READ_LOTS, P.READ_INBOUND, P.READ_INBOUND_TOTALS, P.DOWNLOAD, P.READ_LOG}
            | {P.READ_DRAFT, P.READ_WORK, P.READ_CONTACTS, P.READ_LOANS}
        ),
    ),
    Role.ADMINISTRATOR: Seat(
        "administrator",
        "beheerder",
        "Keeps people and desks, and sees no figures.",
        "Beheert mensen en loketten, en ziet geen cijfers.",
        Scope.NONE,
        frozenset(
            {P.READ_DESKS, P.KEEP_DESKS, P.READ_CONTACTS, P.INVITE, P.KEEP_PEOPLE, P.READ_LOG_OF_PEOPLE}
            | {P.READ_OUTBOX}
        ),
    ),
}
"""One table: what each role may do, and how far it reaches."""


OF_DIRECTORATE = {
    Directorate.GMT: frozenset(
        {P.APPROVE_NEED, P.APPROVE_TEXT, P.REVIEW, P.FREEZE_REPORT, P.READ_LOANS, P.READ_INBOUND, P.DOWNLOAD}
    ),
}
"""What an official may do beside the others because of the directorate."""

GROUP_OF = {Directorate.CZ: "cure", Directorate.LZ: "care"}
"""The group of sectors of which a directorate approves policy; the other one approves all of it."""

OF_A_REGION = ("floor_days", "buffer_share", "urgent_reserve_share")
"""Rules that a region sets for itself: how it divides its own total, and what its hub keeps back."""


INVITES: dict[Role, frozenset[Role]] = {
    Role.INSTITUTION: frozenset({Role.INSTITUTION}),
    Role.COORDINATOR: frozenset({Role.INSTITUTION}),
    Role.ADMINISTRATOR: frozenset(Role),
}
"""Which role lets in which: nobody one above their own row. An institution's person does so as an owner alone."""


def lets_in(role: str, *, is_owner: bool) -> frozenset[Role]:
    """The roles that somebody may invite, let go, and let in again; of whom, their scope says."""
    if Role(role) is Role.INSTITUTION and not is_owner:
        return frozenset()
    return INVITES.get(Role(role), frozenset())


def may(role: str, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in SEATS[Role(role)].may


def allows(person: Any, permission: Permission) -> bool:
    """Whether somebody has a permission, by their role or by their directorate."""
    return may(person.role, permission) or permission in OF_DIRECTORATE.get(person.directorate, ())


def takes_two(role: str) -> bool:
    """Whether it takes two administrators to give a role: it may propose, approve, or let others do so; else somebody
    could be both persons of a decision.
    """
    return bool(
        SEATS[Role(role)].may & {P.PROPOSE_NEED, P.PROPOSE_POLICY, P.APPROVE_POLICY, P.KEEP_PEOPLE, P.RELEASE, P.LEND}
    )


def needs_second_factor(role: str) -> bool:
    """Whether a role must prove itself twice: all but institutions, to whom it is offered."""
    return Role(role) is not Role.INSTITUTION
