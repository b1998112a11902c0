"""Every page says who may open it, and keeps to it: each person, each address, each method, own and of others.

A page that is added has its address in ``DECLARED`` with who opens it (of ``four_people``), and with the kind of
``OBJECTS`` that it is asked about, if any. The table is written by hand, beside ``@requires`` and ``visible_to`` and not from them.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import polars as pl
import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dijk.tables import REGISTERS, RESULTS, empty
from dijk_web import people as roles
from dijk_web import report_days, store
from dijk_web.actions import people as act
from dijk_web.actions.asking import Urgent, order
from dijk_web.actions.dividing import propose_division
from dijk_web.actions.planning import ask_for_plan
from dijk_web.actions.proposing import propose
from dijk_web.actions.reviewing import close_meeting
from dijk_web.actions.take_in import hand_in
from dijk_web.actions.talking import ask, sign_verdict
from dijk_web.actions.telling import Sent
from dijk_web.actions.uploading import keep_file
from dijk_web.actions.writing import writing
from dijk_web.models import (
    TOLD,
    Contact,
    Desk,
    Dispatch,
    Invitation,
    IssuedReport,
    Loan,
    Made,
    Mail,
    Person,
    Proposal,
    Recall,
    RecallPart,
    Run,
    Site,
    State,
    Subject,
    Upload,
    UrgentRelease,
    WayBack,
)
from dijk_web.of_site import as_frame, moment
from dijk_web.pages import errors
from dijk_web.people import Permission, Role
from four_people import SEATS, browser
from ground import NOON, TODAY, order_line

PUBLIC = {"health", "language", "invitation_code", "invitation"}

ALLAUTH = {
    "public": {"account_login", "account_logout", "account_inactive", "mfa_authenticate"},
    "own": {
        *("account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate", "usersessions_list"),
        *("mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
        *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"),
        *("mfa_remove_webauthn", "mfa_edit_webauthn"),
    },
}
"""Addresses of allauth, which knows no `@requires`: open to all, or about the own account alone."""

ALL = set(SEATS)
INSIDE = {"mila", "ben", "cara", "otto", "ravi", "sita", "ada"}
"""Who has to do with letting people in."""

SEES = {
    "mila": {"mila", "ben"},
    "ben": {"mila", "ben"},
    "cara": {"cara"},
    "otto": {"otto"},
    "ravi": {"mila", "ben", "cara", "ravi"},
    "sita": {"otto", "sita"},
    "ada": ALL,
}
KEEPS = {"mila": {"ben"}, "ravi": {"mila", "ben", "cara"}, "sita": {"otto"}, "ada": ALL - {"ada"}}
LETTERS_OF = {"cara": {"north"}, "ravi": {"north"}, "sita": {"south"}, "otto": {"south"}, "ada": {"north", "south"}}
INVITERS = INSIDE - {"ben"}
READERS = {"pim", "noor", "kees", "lot", "anna"}
"""Who reads the sites of the whole country."""
NATION = ALL - {"mila", "ben", "cara", "otto", "ada"}
ON_LOGS = {"mila", "ben", "cara", "otto", "ravi", "sita", *READERS}
LOGS = ON_LOGS | {"ada"}
NORTH, SOUTH, HOME = "site-hospital-north", "site-hospital-south", "site-home-north"
HUB, WAREHOUSE = "hub-north", "warehouse"
HELD = {HUB: "regional_hub", WAREHOUSE: "warehouse"}
"""Both are in the north."""
SITES_OF = {
    "mila": {NORTH},
    "ben": {NORTH},
    "cara": {HOME},
    "otto": {SOUTH},
    "ravi": {NORTH, HOME, HUB, WAREHOUSE},
    "sita": {SOUTH},
    **{name: {NORTH, SOUTH, HOME, HUB, WAREHOUSE} for name in READERS},
}
OBJECTS = {
    "code": ("mila", "ben", "otto", "ada", "nobody"),
    "letter": ("north", "south", "nobody"),
    "site": (NORTH, SOUTH, HOME, HUB, WAREHOUSE, "nobody"),
    "outlet": ("pharmacy", NORTH, "nobody"),
    "run": ("asked", "nobody"),
    "line": ("coming", "nobody"),
    "dataset": ("handed_in", "nobody"),
    "table": ("policy_rule", "scope", "nobody"),
    "judgement": ("cap", "nobody"),
    "proposal": ("of_kees", "nobody"),
    "division": ("checked", "nobody"),
    "part": ("north", "south"),
    "parcel": ("north", "south", "nobody"),
    "report": ("draft", "frozen", "nobody"),
    "report_file": ("general", "money", "full", "list", "draft", "nobody"),
    "figure": ("frozen", "draft", "nobody"),
    "report_day": ("coming", "tuesday"),
    "article": (HUB, WAREHOUSE, "nobody"),
    "loan": ("north", "nobody"),
    "lot": (HUB, WAREHOUSE, "nobody"),
    "recall": ("north", "south", "nobody"),
    "receiver": ("north", "south"),
    "way": ("north", "south", "nobody"),
    "claims": ("north", "south"),
    "need": ("gown", "nobody"),
    "question": ("north", "south", "nobody"),
    "item": ("unlisted", "nobody"),
    "meeting": ("closed", "nobody"),
    "request": ("north", "south", "nobody"),
    "receipt": ("north", "south", "nobody"),
    "urgent": ("north", "south", "nobody"),
    "released": ("north", "south", "nobody"),
    "desk": ("north", "GMT", "centre", "nobody"),
    "contact": ("north", "south", "nobody"),
    "about": (f"site:{NORTH}", f"site:{SOUTH}", "run:asked", "person:p-mila", "nobody"),
    "upload": ("mila", "nobody"),
    "file": ("mila", "kept", "nobody"),
    "mail": ("urgent", "nobody"),
}
"""What pages are asked about: own and of others, and what is not there."""

CARE_OF = {name: sites - set(HELD) for name, sites in SITES_OF.items()}
OUTLET_OF = {key: {"pharmacy"} for key in ("ravi", *READERS)}
"""Who sees the outlet, which is in the north and of none of the institutions."""
STOCK_OF = CARE_OF | {"ravi": {NORTH, HOME, HUB}, "pim": SITES_OF["pim"]}
"""Whose stock somebody tells: a region that of its hub, the consortium that of the warehouses too."""
TELLERS = {"mila", "ben", "cara", "otto", "ravi", "sita", "pim"}
"""Who tells and asks, for their own or on behalf."""
OF_ONE_SITE = dict.fromkeys(TELLERS - {"ravi", "pim"}, 302)
"""Who has one site goes straight on to its page."""
REQUESTS_OF = {
    name: {one for one, site in (("north", NORTH), ("south", SOUTH)) if site in SITES_OF[name]} for name in SITES_OF
}

INSTITUTIONS = {"mila", "ben", "cara", "otto"}
CALLERS = {"ravi", "sita", "pim"}
DESK_KEEPERS = {"ravi", "sita", "pim", "noor", "kees", "lot", "ada"}
DESKS_OF = {"ravi": {"north"}, "noor": {"GMT"}, "pim": {"centre"}, "ada": {"north", "GMT", "centre"}}
CONTACT_READERS = INSTITUTIONS | {"ravi", "sita", "pim", "anna", "ada"}
CONTACTS_OF = {
    **{key: {"north"} for key in ("mila", "ben", "ravi")},
    **{key: {"south"} for key in ("otto", "sita")},
    **{key: {"north", "south"} for key in ("pim", "anna", "ada")},
}
FILES_OF = {name: {"kept"} for name in ("mila", "ben", "ravi", *READERS)} | {"mila": {"mila", "kept"}}
"""Who sees the file of an upload: who sent it, and who sees its site once rows of it were taken in."""

OF_POLICY, OF_NEEDS = READERS - {"anna"} | {"ravi", "sita"}, READERS - {"anna"} | {"bo", "eva"}
"""Who proposes a rule, and who how far a need is on the list."""
PROPOSERS = OF_POLICY | OF_NEEDS
PROPOSED_BY = {
    name: {table for table, who in (("policy_rule", OF_POLICY), ("scope", OF_NEEDS)) if name in who}
    for name in PROPOSERS
}

OBJECTORS, REVIEWERS = {"pim", "noor", "kees", "lot"}, {"pim", "noor"}
ANSWERERS = OBJECTORS | {"bo", "eva"}
ASKERS = ANSWERERS | INSTITUTIONS | {"ravi", "sita"}
"""Who objects to a verdict, who speaks at a meeting, who answers a question, and who asks one."""

LOT_READERS = READERS | {"ravi", "sita", "bo"}
LOTS_OF = {key: {HUB, WAREHOUSE} for key in READERS} | {"ravi": {HUB}, "bo": {WAREHOUSE}}
"""Who reads lots, and of which place: a region its hub, a buyer the warehouses."""

LOAN_READERS = {"ravi", "sita", "pim", "noor", "anna"}
LOANS = {key: {"north"} for key in LOAN_READERS}
"""Who reads the loan that the north offers the south."""

METHODS = ("GET", "POST", "PUT", "DELETE")
FIRST = [objects[0] for objects in OBJECTS.values()]
"""A method that no page has is tried on one object of a kind: the method is refused before the object is looked for."""
GET, BOTH = {"GET"}, {"GET", "POST"}
OF_ORDERS = {"pim", "bo", "noor", "anna"}
"""Who reads single orders; Kees and Lot, of CZ and LZ, read totals alone."""
LINES = {name: {"coming"} for name in OF_ORDERS}
RUN = {name: {"asked"} for name in NATION}
LOG_OF = {
    name: {*(f"site:{site}" for site in SITES_OF.get(name, ()))}
    | ({"run:asked"} if name in NATION else set())
    | ({"person:p-mila"} if name in {"mila", "ravi", "ada", *READERS} else set())
    | ({"nobody"} if name in READERS else set())
    for name in LOGS
}
"""Ravi may let Mila go, and Ben, who is no owner, may not."""

PARTS = {**{key: {"north", "south"} for key in READERS}, "ravi": {"north"}, "sita": {"south"}}
"""Whose part of a division somebody sees: who sees all, and its region."""

DRAFTERS = {"pim", "noor", "kees", "lot", "anna"}
"""Who reads a report before it is frozen."""
ON_REPORTS = ALL - {"ada"}
REPORTS = {name: {"draft", "frozen"} if name in DRAFTERS else {"frozen"} for name in ON_REPORTS}
REPORT_FILES = {
    **{name: {"general"} for name in ON_REPORTS},
    "bo": {"general", "money"},
    "ravi": {"general", "list"},
    **{name: {"general", "money", "full", "list", "draft"} for name in DRAFTERS},
    **{name: {"general", "list", "draft"} for name in ("kees", "lot")},
}

DECLARED: dict[str, dict[str, Any]] = {
    "start": {"opens": ALL, "methods": GET},
    "situation": {"opens": NATION, "methods": GET},
    "requested_and_delivered": {"opens": NATION, "methods": GET},
    "routing": {"opens": NATION, "methods": GET},
    "cell": {"opens": NATION, "methods": GET, "shows": 404},
    "figures_of_others": {"opens": NATION, "methods": GET},
    "needs": {"opens": ASKERS | NATION, "methods": GET},
    "need": {"opens": ASKERS | NATION, "methods": GET, "about": "need", "sees": {key: {"gown"} for key in ALL}},
    "sign_verdict": {"opens": {"eva"}, "methods": BOTH, "about": "need", "sees": {"eva": {"gown"}}},
    "object_to_verdict": {
        "opens": OBJECTORS,
        "methods": BOTH,
        "about": "need",
        "sees": {key: {"gown"} for key in OBJECTORS},
    },
    "ask_about": {"opens": ASKERS, "methods": BOTH, "about": "need", "sees": {key: {"gown"} for key in ASKERS}},
    "ask_unlisted": {"opens": ASKERS, "methods": BOTH},
    "questions": {"opens": ASKERS | NATION, "methods": GET},
    "question": {
        "opens": ASKERS | NATION,
        "methods": BOTH,
        "about": "question",
        "sees": {key: {"north", "south"} for key in NATION}
        | {"mila": {"north"}, "ben": {"north"}, "cara": set(), "otto": {"south"}},
        "posts": ANSWERERS,
    },
    "review": {"opens": NATION, "methods": BOTH, "posts": REVIEWERS},
    "review_item": {
        "opens": NATION,
        "methods": BOTH,
        "about": "item",
        "sees": {key: {"unlisted"} for key in NATION},
        "posts": REVIEWERS,
    },
    "meeting": {"opens": NATION, "methods": GET, "about": "meeting", "sees": {key: {"closed"} for key in NATION}},
    "meeting_book": {"opens": NATION, "methods": GET, "about": "meeting", "sees": {key: {"closed"} for key in NATION}},
    "policy": {"opens": NATION, "methods": GET},
    "judgement": {"opens": NATION, "methods": GET, "about": "judgement", "sees": {key: {"cap"} for key in NATION}},
    "signing": {"opens": NATION, "methods": GET},
    "signal": {"opens": ALL, "methods": GET},
    "propose": {
        "opens": PROPOSERS,
        "methods": BOTH,
        "about": "table",
        "sees": {key: {"policy_rule", "scope"} for key in PROPOSERS},
        "keeps": PROPOSED_BY,
    },
    "effect": {
        "opens": NATION,
        "methods": BOTH,
        "about": "proposal",
        "sees": {key: {"of_kees"} for key in NATION},
        "posts": {"kees", "noor", "pim"},
    },
    "proposals": {"opens": NATION | {"ada"}, "methods": GET},
    "proposal": {
        "opens": NATION | {"ada"},
        "methods": BOTH,
        "about": "proposal",
        "sees": {key: {"of_kees"} for key in NATION},
        "posts": {"kees", "noor"},
    },
    "divisions": {"opens": NATION, "methods": BOTH, "posts": set()},
    "division": {"opens": NATION, "methods": GET, "about": "division", "sees": {key: {"checked"} for key in NATION}},
    "region_check": {"opens": NATION, "methods": BOTH, "about": "part", "sees": PARTS, "posts": {"ravi", "sita"}},
    "region_need": {"opens": NATION, "methods": BOTH, "about": "claims", "sees": PARTS, "posts": {"ravi", "sita"}},
    "region_book": {"opens": NATION, "methods": GET, "about": "part", "sees": PARTS},
    "work": {"opens": {"ravi", "sita", *DRAFTERS}, "methods": GET},
    "reports": {"opens": ON_REPORTS, "methods": BOTH, "posts": {"noor", "kees", "lot"}},
    "report": {"opens": ON_REPORTS, "methods": BOTH, "about": "report", "sees": REPORTS, "posts": {"pim", "noor"}},
    "correct_report": {"opens": {"pim"}, "methods": BOTH, "about": "report", "sees": {"pim": {"frozen"}}},
    "report_file": {"opens": ON_REPORTS, "methods": GET, "about": "report_file", "sees": REPORT_FILES},
    "report_figure": {"opens": ON_REPORTS, "methods": GET, "about": "figure", "sees": REPORTS, "shows": 302},
    "report_day": {
        "opens": {"pim", "noor"},
        "methods": BOTH,
        "about": "report_day",
        "sees": {key: {"coming"} for key in ("pim", "noor")},
    },
    "dispatches": {"opens": set(SITES_OF), "methods": GET},
    "dispatch": {
        "opens": set(SITES_OF),
        "methods": BOTH,
        "about": "parcel",
        "sees": REQUESTS_OF,
        "posts": INSTITUTIONS,
    },
    "delivered": {"opens": set(SITES_OF), "methods": GET},
    "to_send": {"opens": {"ravi", "sita", "pim"}, "methods": GET},
    "send_article": {
        "opens": {"ravi", "sita", "pim"},
        "methods": BOTH,
        "about": "article",
        "sees": {"ravi": {HUB}, "pim": {HUB, WAREHOUSE}},
    },
    "loans": {"opens": LOAN_READERS, "methods": GET},
    "loan": {"opens": LOAN_READERS, "methods": BOTH, "about": "loan", "sees": LOANS, "posts": {"ravi", "sita"}},
    "to_lend": {"opens": {"ravi", "sita"}, "methods": GET},
    "offer_loan": {"opens": {"ravi", "sita"}, "methods": BOTH, "about": "article", "sees": {"ravi": {HUB}}},
    **{
        page: {"opens": {"ravi", "sita"}, "methods": BOTH, "about": "loan", "sees": LOANS, "keeps": {side: {"north"}}}
        for page, side in (("loan_send", "ravi"), ("loan_return", "sita"), ("loan_settle", "ravi"))
    },
    "lots": {"opens": LOT_READERS, "methods": GET},
    "lot": {"opens": LOT_READERS, "methods": BOTH, "about": "lot", "sees": LOTS_OF, "posts": {"ravi", "pim", "bo"}},
    "new_recall": {"opens": CALLERS, "methods": BOTH, "about": "lot", "sees": LOTS_OF},
    "recalls": {"opens": set(SITES_OF), "methods": GET},
    "recall": {"opens": set(SITES_OF), "methods": GET, "about": "recall", "sees": REQUESTS_OF},
    "end_recall": {
        "opens": CALLERS,
        "methods": BOTH,
        "about": "recall",
        "sees": REQUESTS_OF,
        "keeps": {"pim": {"north", "south"}},
    },
    "recall_at": {
        "opens": set(SITES_OF),
        "methods": BOTH,
        "about": "receiver",
        "sees": REQUESTS_OF,
        "posts": INSTITUTIONS,
    },
    "ways_back": {"opens": set(SITES_OF), "methods": GET},
    "way_back": {"opens": set(SITES_OF), "methods": BOTH, "about": "way", "sees": REQUESTS_OF, "posts": {"pim"}},
    "figures": {"opens": {"pim"}, "methods": BOTH},
    "datasets": {"opens": {"pim"}, "methods": BOTH},
    "dataset": {
        "opens": {"pim", "noor"},
        "methods": GET,
        "about": "dataset",
        "sees": {key: {"handed_in"} for key in ("pim", "noor")},
    },
    "want_dataset": {"opens": {"pim"}, "methods": {"POST"}, "about": "dataset", "sees": {"pim": {"handed_in"}}},
    "runs": {"opens": NATION, "methods": BOTH, "posts": {"pim"}},
    "run": {"opens": NATION, "methods": GET, "about": "run", "sees": RUN},
    "preview": {"opens": {"pim"}, "methods": BOTH},
    "publish": {"opens": {"pim"}, "methods": {"POST"}, "about": "run", "sees": RUN},
    "download": {
        "opens": ON_LOGS - {"kees", "lot"},
        "methods": GET,
        "about": "run",
        "sees": {name: RUN[name] for name in READERS},
    },
    "why": {"opens": set(SITES_OF), "methods": GET, "about": "site", "sees": SITES_OF},
    "log": {"opens": LOGS, "methods": GET, "about": "about", "sees": LOG_OF},
    "my_awards": {"opens": TELLERS, "methods": GET, "answers": OF_ONE_SITE},
    "my_stock": {"opens": TELLERS, "methods": GET, "answers": OF_ONE_SITE},
    "held_stock": {"opens": {"ravi", "sita", "pim"}, "methods": GET, "answers": {"ravi": 302}},
    "my_use": {"opens": TELLERS, "methods": GET, "answers": OF_ONE_SITE},
    "my_purchases": {"opens": TELLERS, "methods": GET, "answers": OF_ONE_SITE},
    "my_activity": {"opens": TELLERS, "methods": GET, "answers": OF_ONE_SITE},
    "stock": {"opens": TELLERS, "methods": BOTH, "about": "site", "sees": SITES_OF, "keeps": STOCK_OF},
    "use": {"opens": TELLERS, "methods": BOTH, "about": "site", "sees": SITES_OF, "keeps": CARE_OF},
    "purchases": {"opens": TELLERS, "methods": BOTH, "about": "site", "sees": SITES_OF, "keeps": CARE_OF},
    "activity": {"opens": TELLERS, "methods": BOTH, "about": "site", "sees": SITES_OF, "keeps": CARE_OF},
    "outlet": {"opens": set(SITES_OF), "methods": GET, "about": "outlet", "sees": OUTLET_OF},
    "hand_out": {
        "opens": TELLERS,
        "methods": BOTH,
        "about": "outlet",
        "sees": OUTLET_OF,
        "keeps": {key: {"pharmacy"} for key in ("ravi", "pim")},
    },
    "inbound": {"opens": OF_ORDERS, "methods": GET},
    "arrivals": {"opens": READERS | {"bo"}, "methods": GET},
    "bought": {"opens": READERS | {"bo"}, "methods": GET},
    "money": {"opens": READERS | {"bo"}, "methods": GET},
    "new_line": {"opens": {"pim", "bo"}, "methods": BOTH},
    "order_line": {"opens": OF_ORDERS, "methods": BOTH, "about": "line", "sees": LINES, "posts": {"pim", "bo"}},
    "orders": {"opens": set(SITES_OF), "methods": GET},
    "new_order": {"opens": TELLERS, "methods": BOTH},
    "request": {"opens": set(SITES_OF), "methods": BOTH, "about": "request", "sees": REQUESTS_OF, "posts": TELLERS},
    "receipt": {"opens": TELLERS, "methods": GET, "about": "receipt", "sees": REQUESTS_OF},
    "urgent": {"opens": set(SITES_OF), "methods": GET},
    "my_urgent": {"opens": TELLERS, "methods": GET, "answers": OF_ONE_SITE},
    "order_urgently": {"opens": TELLERS, "methods": BOTH, "about": "site", "sees": SITES_OF},
    "urgent_order": {
        "opens": set(SITES_OF),
        "methods": BOTH,
        "about": "urgent",
        "sees": REQUESTS_OF,
        "posts": {"ravi", "sita"},
    },
    "release_urgently": {"opens": CALLERS, "methods": BOTH, "about": "urgent", "sees": REQUESTS_OF},
    "urgent_releases": {"opens": set(SITES_OF), "methods": GET},
    "urgent_release": {
        "opens": set(SITES_OF),
        "methods": BOTH,
        "about": "released",
        "sees": REQUESTS_OF,
        "posts": CALLERS,
    },
    "silent": {"opens": CALLERS, "methods": GET},
    "ask_again": {"opens": CALLERS, "methods": BOTH},
    "calls": {"opens": CALLERS, "methods": BOTH, "about": "site", "sees": SITES_OF},
    "waiting": {"opens": CALLERS, "methods": GET},
    "counts": {"opens": CALLERS, "methods": BOTH, "about": "site", "sees": SITES_OF},
    "sizes": {"opens": CALLERS, "methods": GET},
    "size": {"opens": CALLERS, "methods": BOTH, "about": "site", "sees": SITES_OF},
    "desks": {"opens": ALL, "methods": GET},
    "new_desk": {"opens": DESK_KEEPERS | INSTITUTIONS, "methods": BOTH, "changes": DESK_KEEPERS},
    "desk": {
        "opens": DESK_KEEPERS | INSTITUTIONS,
        "methods": BOTH,
        "about": "desk",
        "sees": {key: {"north", "GMT", "centre"} for key in ALL},
        "keeps": DESKS_OF,
    },
    "contacts": {"opens": CONTACT_READERS, "methods": GET},
    "new_contact": {"opens": DESK_KEEPERS | INSTITUTIONS, "methods": BOTH, "changes": CONTACT_READERS},
    "contacts_by_file": {"opens": DESK_KEEPERS | INSTITUTIONS, "methods": BOTH, "changes": CONTACT_READERS},
    "contacts_workbook": {"opens": DESK_KEEPERS | INSTITUTIONS, "methods": GET, "changes": CONTACT_READERS},
    "invite_contacts": {"opens": INSIDE, "methods": BOTH, "changes": INVITERS},
    "to_call": {"opens": INSIDE, "methods": GET, "changes": INVITERS},
    "contact": {
        "opens": CONTACT_READERS,
        "methods": BOTH,
        "about": "contact",
        "sees": CONTACTS_OF,
        "posts": CONTACT_READERS - {"anna"},
    },
    "upload": {"opens": TELLERS, "methods": BOTH},
    "own_workbook": {"opens": TELLERS, "methods": GET},
    "one_upload": {"opens": TELLERS, "methods": BOTH, "about": "upload", "sees": {"mila": {"mila"}}},
    "refused_rows": {"opens": TELLERS, "methods": GET, "about": "upload", "sees": {"mila": {"mila"}}},
    "upload_file": {"opens": set(SITES_OF), "methods": GET, "about": "file", "sees": FILES_OF},
    "people": {"opens": INSIDE, "methods": GET},
    "invite": {"opens": INSIDE, "methods": BOTH, "changes": INVITERS},
    "letters": {"opens": INSIDE, "methods": GET, "changes": INVITERS},
    "person": {"opens": INSIDE, "methods": GET, "about": "code", "sees": SEES},
    "let_go": {"opens": INSIDE, "methods": BOTH, "about": "code", "sees": SEES, "keeps": KEEPS},
    "let_in_again": {"opens": INSIDE, "methods": BOTH, "about": "code", "sees": SEES, "keeps": KEEPS},
    "change_role": {"opens": {"ada"}, "methods": BOTH, "about": "code", "sees": SEES, "keeps": KEEPS},
    "letter": {"opens": INSIDE, "methods": GET, "about": "letter", "sees": LETTERS_OF},
    "withdraw_invitation": {"opens": INSIDE, "methods": BOTH, "about": "letter", "sees": LETTERS_OF},
    "addresses": {"opens": INSIDE, "methods": GET},
    "person_address": {"opens": INSIDE, "methods": BOTH, "about": "code", "sees": SEES, "keeps": KEEPS},
    "mail_came_back": {"opens": INSIDE, "methods": BOTH, "about": "code", "sees": SEES, "keeps": KEEPS},
    "outbox": {"opens": {"ada"}, "methods": GET},
    "mail": {"opens": {"ada"}, "methods": BOTH, "about": "mail", "sees": {"ada": {"urgent"}}},
    "mail_when": {"opens": ALL, "methods": BOTH},
}
"""Who ``opens`` a page with which ``methods``; what it is ``about``, which of these somebody ``sees`` (else 404) and
``keeps`` (else 403); who ``changes`` anything there, and who ``posts`` (else 403). A page that ``shows`` 404 is one of
which nothing is there as long as no plan was made; ``answers`` holds what somebody gets for another page than 200.
"""


def views(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns)
        else:
            yield one


def reports_of(run: int) -> dict[str, dict[str, dict[str, object]]]:
    """A draft and a frozen report with a file of each edition, and days of the calendar."""
    names = {"general": "report.r.general.en.html", "money": "report.r.money.en.html", "full": "report.r.en.html"}
    names |= {"list": "regions.r.en/north.xlsx"}
    coming = report_days.after(moment().date())
    told = {"run": run, "as_of": moment(), "day": coming.day, "next_at": coming.at, "last_act": 0, "seal": ""}
    for number, state in ((700_001, Made.MADE), (700_002, Made.FROZEN)):
        files = store.keep_report(number, [(name, b"x") for name in names.values()])
        contents = [["T1.1", "a", "b", ["full", "money", "general"]]]
        frozen_by = number if state == Made.FROZEN else None
        IssuedReport.objects.create(
            act=number, state=state, files=files, contents=contents, frozen_by=frozen_by, **told
        )
    nobody = {"number": 999_999}
    draft, frozen = {"number": 700_001}, {"number": 700_002}
    day = coming.day + dt.timedelta(days=1)
    return {
        "report": {"draft": draft, "frozen": frozen, "nobody": nobody},
        "report_file": {
            **{edition: {**frozen, "name": name} for edition, name in names.items()},
            "draft": {**draft, "name": names["general"]},
            "nobody": {**frozen, "name": "report.json"},
        },
        "figure": {
            name: {**one, "ref": "T1.1"} for name, one in (("frozen", frozen), ("draft", draft), ("nobody", nobody))
        },
        "report_day": {"coming": {"code": coming.day.isoformat()}, "tuesday": {"code": day.isoformat()}},
    }


def test_every_view_says_who_may_open_it():
    silent = {one.name for one in views() if not hasattr(one.callback, "access")} - ALLAUTH["public"] - ALLAUTH["own"]
    assert silent == set(), f"add @requires(...) or @public to: {silent}"


def test_every_address_is_in_the_matrix():
    named = {one.name for one in views()}
    assert named == {*DECLARED, *PUBLIC, *ALLAUTH["public"], *ALLAUTH["own"]}


def test_a_public_view_is_public_on_purpose():
    assert {one.name for one in views() if getattr(one.callback, "access", None) == frozenset()} == PUBLIC


def test_every_role_opens_some_page_and_no_permission_is_unheld():
    assert {seat["role"] for seat in SEATS.values()} == set(Role)
    held = [*(seat.may for seat in roles.SEATS.values()), *roles.OF_DIRECTORATE.values()]
    assert set().union(*held) == set(Permission)


@pytest.fixture
def asked(people: SimpleNamespace, ground: SimpleNamespace) -> dict[str, dict[str, dict[str, object]]]:
    """The part of an address for each object, by what it is."""
    letters = {}
    for where, organisation in (("north", "home-north"), ("south", "hospital-south")):
        one = Invitation(name=where, role=Role.INSTITUTION, organisation=organisation)
        letters[where] = {"number": act.invite(one, by=people.ada, reason="Test.").pk}
    receipts = {where: {"number": a_request(people.pim, where)} for where in ("north", "south")}
    with writing("registers_told", by=people.ada, about="registers") as told:
        stores = [{"site": code, "name": code.title(), "kind": kind} for code, kind in HELD.items()]
        stores.append({"site": "pharmacy", "name": "Pharmacy", "kind": "outlet", "sector": "home"})
        of = {"organisation": "stores", "region": "north", "source": "test"}
        told.tell("site", [{**of, **one} for one in stores])
        told.tell("inbound", [order_line("coming")])
    handed_in = hand_in(by=people.pim, file="country.zip", digest="0" * 64, reason="Test.")
    run = {"number": ask_for_plan(by=people.pim, reason="Test.")}
    division = a_division(people)
    parts = {region: {"number": division, "region": region} for region in OBJECTS["part"]}
    urgent = urgent_orders(people)
    uploads = {name: {"number": an_upload(people.mila, name).pk} for name in ("mila", "kept")}
    return {
        "code": {name: {"code": f"p-{name}"} for name in OBJECTS["code"]},
        "letter": {**letters, "nobody": {"number": 999_999}},
        "site": {site: {"site": site} for site in OBJECTS["site"]},
        "outlet": {site: {"site": site} for site in OBJECTS["outlet"]},
        "run": {"asked": run, "nobody": {"number": 999_999}},
        "dataset": {"handed_in": {"number": handed_in}, "nobody": {"number": 999_999}},
        "table": {table: {"table": table} for table in OBJECTS["table"]},
        "judgement": {rule: judgement_of(rule) for rule in OBJECTS["judgement"]},
        "need": {code: {"code": code} for code in OBJECTS["need"]},
        **of_the_list(people),
        "proposal": {"of_kees": {"number": a_proposal(people.kees)}, "nobody": {"number": 999_999}},
        "division": {"checked": {"number": division}, "nobody": {"number": 999_999}},
        "part": parts,
        **reports_of(run["number"]),
        "parcel": {**dispatches(division), "nobody": {"act": 999_999, "line": 1}},
        "article": {site: {"site": site, "product": "gown-box"} for site in OBJECTS["article"]},
        "loan": {"north": {"number": a_loan()}, "nobody": {"number": 999_999}},
        **recalled(people),
        "claims": {region: {**part, "need": "gown"} for region, part in parts.items()},
        "line": {order: {"order": order, "line": 1} for order in OBJECTS["line"]},
        "request": {where: {"request_code": f"r-{where}"} for where in OBJECTS["request"]},
        "receipt": {**receipts, "nobody": {"number": 999_999}},
        "urgent": {**urgent, "nobody": {"number": 999_999}},
        "released": {**released_alone(urgent), "nobody": {"number": 999_999}},
        "desk": {**desks(), "nobody": {"number": 999_999}},
        "contact": {**contacts(), "nobody": {"code": "nobody"}},
        "upload": {"mila": uploads["mila"], "nobody": {"number": 999_999}},
        "file": {**uploads, "nobody": {"number": 999_999}},
        "mail": {
            "urgent": {"number": Mail.objects.filter(kind="urgent").latest("pk").pk},
            "nobody": {"number": 999_999},
        },
        "about": {about: {"about": about.replace("asked", str(run["number"]))} for about in OBJECTS["about"]},
    }


def judgement_of(rule: str) -> dict[str, object]:
    """A rule that holds for all, whether it is there or not."""
    return {"table": "policy_rule", "key": f"{'cap_days' if rule == 'cap' else rule}|all|all|all"}


def a_proposal(by: Person) -> int:
    """A proposal of somebody about a rule for all."""
    row = {"rule": "cap_days", "need": "all", "sector": "all", "region": "all", "value": 12.0, "valid_from": TODAY}
    said = {"basis": "test", "source": "test", "how": "assumed"}
    return propose(by=by, table="policy_rule", row=row | said, reason="Test.", sent=Sent(None, 0))


def of_the_list(people: SimpleNamespace) -> dict[str, dict[str, dict[str, object]]]:
    """A verdict that holds, a question of what is not listed in each region, and a meeting that left them on the list."""
    said = {"basis": "test", "source": "test", "how": "estimated", "verdict": "no_shortage", "evidence": "test"}
    days = {"valid_from": TODAY, "valid_to": dt.date(2099, 12, 31)}  # the clock of this test is that of the day
    sign_verdict(by=people.eva, row={"need": "gown", **days, **said}, sent=Sent(None, 0))
    asked = {"north": people.mila, "south": people.otto}
    numbers = {where: ask(by=by, need="", text="Test.", sent=Sent(None, 0)) for where, by in asked.items()}
    closed = close_meeting(by=people.pim, note="", sent=Sent(None, 0))
    nobody = {"nobody": {"number": 999_999}}
    items = {"unlisted": numbers["north"], "nobody": "nobody"}
    return {
        "question": {where: {"number": number} for where, number in numbers.items()} | nobody,
        "item": {name: {"kind": "unlisted", "about": str(about)} for name, about in items.items()},
        "meeting": {"closed": {"number": closed}, **nobody},
    }


def a_division(people: SimpleNamespace) -> int:
    """A division that gives the hospital of each region a box, before the regions."""
    code, known = "feedc0ffee12", {name: as_frame(name, TOLD[name].objects.all()) for name in REGISTERS}
    about = {"need": "gown", "risk_class": "close", "holder": "warehouse", "product": "gown-box", "sector": "hospital"}
    sites = [about | {"site": f"site-hospital-{region}", "region": region} for region in OBJECTS["part"]]
    claim = {"tier": 1, "level_region": "all", "fence": "all", "norm_use_per_day": 2.0, "position": 0, "at_hub": 0}
    claim |= {"assumed": False, "requested": 50, "floor": 0, "ceiling": 100, "lot": 1}
    award = {"known_at": NOON, "packs": 1, "pieces_per_pack": 50, "cover_before_days": 0.0, "cover_after_days": 25.0}
    award |= {"route": "regional_check", "changed_packs": 0}
    results = {name: empty(name) for name in RESULTS}
    for name, row in (("claim", claim), ("award", award)):
        rows = pl.DataFrame([row | site for site in sites])
        results[name] = pl.concat([results[name], rows.cast(schema_of(results[name], rows))], how="diagonal")
    for part, tables in (("results", results), ("known", known)):
        (store.folder(code) / part).mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.write_parquet(store.folder(code) / part / f"{name}.parquet")
    made = {"as_of": NOON, "seed": 1, "asked_by": "p-pim", "state": State.MADE, "code": code}
    run = Run.objects.create(
        act=999_998, preview=True, **made
    )  # a preview, so that the pages of the picture stay empty
    with mock.patch("dijk_web.actions.dividing.last_published", return_value=run):
        return propose_division(run, by=people.pim, reason="Test.", sent=Sent(None, 0))


def schema_of(table: pl.DataFrame, rows: pl.DataFrame) -> dict[str, pl.DataType]:
    return {name: kind for name, kind in table.schema.items() if name in rows.columns}


def dispatches(division: int) -> dict[str, dict[str, object]]:
    """A box on its way to the hospital of each region."""
    told = {"division": division, "need": "gown", "product": "gown-box", "holder": "warehouse", "lot": "-", "packs": 1}
    told |= {"from_site": WAREHOUSE, "pieces_per_pack": 50, "sent_at": NOON, "expected": TODAY}
    for line, where in enumerate(("north", "south"), 1):
        Dispatch.objects.create(act=999_997, line=line, site=f"site-hospital-{where}", region=where, **told)
    return {where: {"act": 999_997, "line": line} for line, where in enumerate(("north", "south"), 1)}


def a_loan() -> int:
    """A loan that the north offers the south."""
    number = 999_994
    about = {"kind": "loan", "about": f"loan:{number}", "content": {"to_region": "south"}, "rests_on": 0}
    Proposal.objects.create(act=number, by="p-ravi", role="coordinator", reason="-", proposed_at=NOON, **about)
    of = {"from_region": "north", "to_region": "south", "from_site": HUB, "to_site": SOUTH, "need": "gown"}
    told = {"product": "gown-box", "pieces_per_pack": 50, "lots": {"-": 1}, "due_back": dt.date(2099, 12, 31)}
    Loan.objects.create(act=number, **of, **told)
    return number


def recalled(people: SimpleNamespace) -> dict[str, dict[str, dict[str, object]]]:
    """A lot in quarantine at each holder, a recall for the hospital of each region, and what each of them sends back."""
    rows = [{"site": site, "product": "gown-box", "lot": site, "status": "quarantine"} for site in HELD]
    with writing("stock_told", by=people.pim, about="stock") as told_by:
        told = {"day": TODAY, "pieces": 100, "how": "counted", "source": "test"}
        told_by.tell("stock", [{**row, **told} for row in rows])
    about = {"product": "gown-box", "lots": ["-"], "territory": "all", "todo": "keep_apart"}
    about |= {"text_en": "Test.", "text_nl": "Test.", "by": "p-pim", "role": "planner", "opened_at": NOON}
    goes = {"to_site": WAREHOUSE, "need": "gown", "product": "gown-box", "lot": "-", "pieces": 50, "sent_at": NOON}
    for number, where in ((999_996, "north"), (999_995, "south")):
        site = {"site": f"site-hospital-{where}", "region": where}
        Recall.objects.create(act=number, **about)
        RecallPart.objects.create(recall=number, lots=["-"], told_act=number, **site)
        WayBack.objects.create(act=number, line=1, because="recalled", about=str(number), **site, **goes)
    numbers = {"north": 999_996, "south": 999_995, "nobody": 999_999}
    return {
        "lot": {site: {"product": "gown-box", "lot": site} for site in OBJECTS["lot"]},
        "recall": {where: {"number": number} for where, number in numbers.items()},
        "receiver": {
            where: {"number": numbers[where], "site": f"site-hospital-{where}"} for where in OBJECTS["receiver"]
        },
        "way": {where: {"act": number, "line": 1} for where, number in numbers.items()},
    }


def desks() -> dict[str, dict[str, object]]:
    """A desk in a region, of a directorate and of the centre."""
    places = {"north": {"region": "north"}, "GMT": {"directorate": "GMT"}, "centre": {}}
    told = {"subject": Subject.ORDERS, "phone": "000 0000001", "hours": "08:00 - 20:00", "act": 1}
    return {name: {"number": Desk.objects.create(**told, **place).pk} for name, place in places.items()}


def contacts() -> dict[str, dict[str, object]]:
    """A contact of the hospital of each region."""
    made = {
        where: Contact.objects.create(
            organisation=f"hospital-{where}", site=f"site-hospital-{where}", function="Test", phone="0", act=1
        )
        for where in ("north", "south")
    }
    return {where: {"code": one.code} for where, one in made.items()}


def urgent_orders(people: SimpleNamespace) -> dict[str, dict[str, object]]:
    """An urgent order of the hospital of each region, of which there is time left to answer it."""
    made = {}
    for where, by in (("north", people.mila), ("south", people.otto)):
        rows = [{"site": f"site-hospital-{where}", "need": "gown", "pieces": 50, "how": "counted"}]
        sites = [Site.objects.get(site=f"site-hospital-{where}")]
        urgent = Urgent(hours_left=3, minutes=60, name="", phone="0")
        made[where] = {"number": order(by=by, sites=sites, rows=rows, sent=Sent(None, 10**9), urgent=urgent)}
    return made


def released_alone(urgent: dict[str, dict[str, Any]]) -> dict[str, dict[str, object]]:
    """A box of gowns that was released on each urgent order."""
    of = {"need": "gown", "product": "gown-box", "holder": "warehouse", "packs": 1, "pieces_per_pack": 50}
    of |= {"by": "nobody", "role": Role.PLANNER, "reason": "-", "released_at": moment(), "confirm_by": moment()}
    for at, (where, one) in enumerate(urgent.items(), 800_001):
        placed = {"site": f"site-hospital-{where}", "region": where, "request": f"R{one['number']}-1"}
        UrgentRelease.objects.create(act=at, order=one["number"], **placed, **of)
    return {where: {"number": at} for at, where in enumerate(urgent, 800_001)}


def a_request(by: Person, where: str) -> int:
    """The act in which the hospital of a region asked for something."""
    told = {"request": f"r-{where}", "site": f"site-hospital-{where}", "need": "gown", "day": TODAY, "pieces": 50}
    with writing("request_told", by=by, about=f"request:r-{where}") as told_by:
        told_by.tell("request", [{**told, "urgent": False, "how": "counted", "source": "test"}])
    return told_by.number


def an_upload(by: Person, name: str) -> Upload:
    """A file of the hospital of the north; of one that is ``kept`` a row was taken in."""
    one = keep_file(b"site,product\n", by=by, name="stock.csv", table="", once=name)
    if name == "kept":
        with writing("upload_taken_in", by=by, about=f"site:{NORTH}") as told_by:
            told_by.after = {"upload": one.pk, "rows": {"stock": 1}, "refused": 0}
        Upload.objects.filter(pk=one.pk).update(act=told_by.number, sites=[NORTH])
    return one


def addresses(asked: dict[str, dict[str, dict[str, object]]]) -> Iterator[tuple[str, str | None, str]]:
    """Each page with each object it may be asked about, and its address."""
    for page, declared in DECLARED.items():
        fixed = {"what": "dataset"} if page == "download" else {}
        for about, part in asked.get(declared.get("about", ""), {None: {}}).items():
            yield page, about, reverse(page, kwargs={**part, **fixed})


def expected(name: str, declared: dict[str, Any], method: str, about: str | None) -> int:
    """The answer that the table gives."""
    if name not in declared["opens"]:
        return 403
    if method not in declared["methods"]:
        return 405
    if about is not None and about not in declared.get("sees", {}).get(name, set()):
        return 404
    if about is not None and "keeps" in declared and about not in declared["keeps"].get(name, set()):
        return 403
    if name not in declared.get("changes", ALL) or (method == "POST" and name not in declared.get("posts", ALL)):
        return 403
    shows = declared.get("answers", {}).get(name, declared.get("shows", 200))
    return shows if method == "GET" else 422  # nothing was filled in, so nothing is changed


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SEATS))
def test_each_person_opens_and_changes_what_the_table_says_and_nothing_else(
    people: SimpleNamespace,
    asked: dict[str, dict[str, dict[str, object]]],
    name: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    caplog.set_level(logging.CRITICAL, "django.request")  # a refusal is no news here, and telling it takes time
    monkeypatch.setattr(errors, "render", lambda *told, status: HttpResponse(status=status))  # as does drawing it
    client = browser(getattr(people, name))
    wrong = [
        (page, method, about, found, wanted)
        for page, about, address in addresses(asked)
        for method in (METHODS if about in (None, *FIRST) else METHODS[:2])
        if (found := client.generic(method, address).status_code)
        != (wanted := expected(name, DECLARED[page], method, about))
    ]
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_logged_in_is_sent_to_log_in(asked: dict[str, dict[str, dict[str, object]]], method: str):
    for page, about, address in addresses(asked):
        answer = browser().generic(method, address)
        assert answer.headers.get("location", "").startswith("/account/login/?next="), (page, about)


@pytest.mark.parametrize("page", sorted(ALLAUTH["own"]))
def test_pages_of_the_own_account_are_for_who_is_logged_in(people: SimpleNamespace, page: str):
    given = {"pk": 999_999} if page in ("mfa_remove_webauthn", "mfa_edit_webauthn") else {}
    answer = browser().get(reverse(page, kwargs=given))
    assert answer.status_code == 302 and answer.headers["location"].startswith("/account/login/")


def test_nobody_signs_up_or_gets_a_password_by_mail(people: SimpleNamespace):
    for address in ("signup/", "password/reset/", "email/", "confirm-email/", "login/code/"):
        assert browser().get(f"/account/{address}").status_code == 404


def test_a_public_page_opens_for_nobody(people: SimpleNamespace):
    assert browser().get("/health/").json() == {"database": "answers"}
    assert browser().get("/invitation/").status_code == 200


def test_a_page_that_is_not_there_says_so_in_both_languages(people: SimpleNamespace):
    for language, said in (("en", "nothing at this address"), ("nl", "niets dat u kunt zien")):
        answer = browser().get("/nowhere/", headers={"accept-language": language})
        assert answer.status_code == 404 and said in answer.content.decode()


def test_a_fault_of_ours_needs_neither_database_nor_session(people: SimpleNamespace):
    from dijk_web.pages.errors import broken

    assert broken(None).status_code == 500


def test_the_navigation_holds_what_may_be_opened_and_no_more(people: SimpleNamespace):
    assert 'href="/people/"' in browser(people.ravi).get("/").content.decode()
    assert 'href="/people/"' not in browser(people.noor).get("/").content.decode()
