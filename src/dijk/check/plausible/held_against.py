"""What is held against what: every check of meaning, one a row.

A factor is how many times a value may be off; of days, how many of them. None comes from a guideline: they are assumed,
set so that a clean country is hardly ever doubted (``benchmarks/checks.py``).
"""

from dijk.check.plausible import against, days, judged, ledger, ratios, twins
from dijk.check.plausible.rows import HeldAgainst

NORM = ("need", "sector", "risk_class", "driver", "reuse_stage")
JUDGEMENTS = ("acceptance", "scope", "verdict", "norm", "scenario", "policy_rule", "fence", "mandate", "policy_text")

PAST = (
    HeldAgainst("PAST-01", "norm", "mid", ratios.past, against.NORM_BEFORE, NORM, time="valid_from", factor=4),
    HeldAgainst("PAST-01", "norm", "coverage", ratios.past, against.COVERAGE_BEFORE, NORM, time="valid_from", factor=4),
    HeldAgainst(
        "PAST-01",
        "policy_rule",
        "value",
        ratios.past,
        against.RULE_BEFORE,
        ("rule", "need", "sector", "region"),
        time="valid_from",
        factor=4,
    ),
    HeldAgainst(
        "PAST-01",
        "activity",
        "units",
        ratios.past,
        against.SITES_DAY_BEFORE,
        ("site", "driver", "risk_class"),
        time="day",
        factor=4,
        floor=1,
    ),
    HeldAgainst(
        "PAST-01",
        "use",
        "pieces",
        ratios.past,
        against.PERIOD_BEFORE,
        ("site", "need"),
        other="days",
        time="day",
        factor=4,
        floor=1,
    ),
    HeldAgainst(
        "PAST-01",
        "indicator",
        "value",
        ratios.past,
        against.DAY_BEFORE,
        ("indicator", "region"),
        time="day",
        factor=3.5,
        floor=10,
    ),
    HeldAgainst(
        "PAST-01",
        "delivery",
        "pieces",
        ratios.past,
        against.DELIVERY_BEFORE,
        ("site", "need", "product", "channel"),
        time="day",
        factor=5,
        floor="pieces_per_pack",
    ),
    HeldAgainst(
        "PAST-01",
        "external_figure",
        "value",
        ratios.past,
        against.FIGURE_BEFORE,
        ("figure", "unit"),
        time="day",
        factor=4,
    ),
    HeldAgainst("PAST-02", "product", "pieces_per_pack", ratios.corrected, against.EARLIER_ROW, factor=1.5),
    HeldAgainst("PAST-02", "product", "kg_per_pack", ratios.corrected, against.EARLIER_ROW, factor=3),
    HeldAgainst("PAST-02", "product", "litres_per_pack", ratios.corrected, against.EARLIER_ROW, factor=3),
    HeldAgainst("PAST-02", "site", "size", ratios.corrected, against.EARLIER_ROW, factor=3),
    HeldAgainst("PAST-02", "region", "population", ratios.corrected, against.EARLIER_ROW, factor=1.5),
    HeldAgainst("PAST-02", "norm", "mid", ratios.corrected, against.EARLIER_ROW, factor=4),
    HeldAgainst("PAST-02", "inbound", "pieces", ratios.corrected, against.EARLIER_ROW, factor=4),
    HeldAgainst("PAST-02", "inbound", "cents_per_pack", ratios.corrected, against.EARLIER_ROW, factor=3),
    HeldAgainst("PAST-02", "stock", "pieces", ratios.corrected, against.EARLIER_ROW, factor=4, floor=100),
    HeldAgainst("PAST-02", "delivery", "pieces", ratios.corrected, against.EARLIER_ROW, factor=6),
    HeldAgainst("PAST-02", "request", "pieces", ratios.corrected, against.EARLIER_ROW, factor=5),
    HeldAgainst("PAST-02", "activity", "units", ratios.corrected, against.EARLIER_ROW, factor=6),
    HeldAgainst("PAST-02", "use", "pieces", ratios.corrected, against.EARLIER_ROW, factor=6),
    HeldAgainst("PAST-02", "indicator", "value", ratios.corrected, against.EARLIER_ROW, factor=4, floor=20),
)
"""A value against its own past."""

PEERS = (
    HeldAgainst(
        "PEER-01",
        "norm",
        "mid",
        ratios.peers,
        against.OTHER_SECTORS,
        ("need", "driver", "risk_class", "reuse_stage"),
        factor=4,
    ),
    HeldAgainst(
        "PEER-02",
        "norm",
        "mid",
        ratios.peers,
        against.OTHER_STAGES,
        ("need", "sector", "driver", "risk_class"),
        factor=6.5,
    ),
    HeldAgainst(
        "PEER-01", "norm", "coverage", ratios.peers, against.OTHER_SECTORS_OF_NEED, ("need", "risk_class"), factor=5
    ),
    HeldAgainst(
        "PEER-01",
        "activity",
        "units",
        ratios.peers,
        against.SECTOR_BY_SIZE,
        ("sector", "driver", "risk_class", "size_unit"),
        other="size",
        factor=20,
    ),
    HeldAgainst(
        "PEER-01", "site", "size", ratios.peers, against.SITES_OF_SECTOR, ("kind", "sector", "size_unit"), factor=20
    ),
    HeldAgainst("PEER-01", "inbound", "cents_per_pack", ratios.peers, against.OTHER_ORDERS, ("product",), factor=3),
    HeldAgainst("PEER-01", "inbound", "pieces", ratios.peers, against.OTHER_ORDERS, ("product",), factor=6.5),
    HeldAgainst(
        "PEER-01",
        "use",
        "pieces",
        ratios.days_of_norm_use,
        against.USE_ELSEWHERE,
        ("need",),
        other="days",
        factor=4,
        floor=1,
    ),
    HeldAgainst(
        "PEER-01",
        "delivery",
        "pieces",
        ratios.days_of_norm_use,
        against.DELIVERIES_ELSEWHERE,
        ("need", "channel"),
        factor=25,
        floor="pieces_per_pack",
    ),
    HeldAgainst(
        "PEER-01", "request", "pieces", ratios.many_peers, against.OTHER_REQUESTS, ("site", "need"), factor=4, floor=10
    ),
    HeldAgainst(
        "PEER-01",
        "stock",
        "pieces",
        ratios.days_of_norm_use,
        against.STOCK_ELSEWHERE,
        ("need", "sector"),
        factor=60,
        floor=200,
    ),
    HeldAgainst("PEER-01", "product", "pieces_per_pack", ratios.peers, against.ARTICLES_OF_NEED, ("need",), factor=8),
    HeldAgainst(
        "PEER-01",
        "product",
        "kg_per_pack",
        ratios.peers,
        against.DENSITY,
        ("storage",),
        other="litres_per_pack",
        factor=8,
    ),
    HeldAgainst("PEER-01", "product", "shelf_life_days", ratios.peers, against.OTHER_ARTICLES, ("storage",), factor=7),
)
"""A value against its peers."""

KNOWN_ELSE = (
    HeldAgainst("OTHER-01", "policy_rule", "value", ratios.start, against.STARTING_VALUE, factor=6),
    HeldAgainst("OTHER-01", "norm", "mid", ratios.norm_beside_use, against.RECORDED_USE, ("need", "sector"), factor=4),
    HeldAgainst("OTHER-01", "scenario", "norm_factor", ratios.no_change, against.NO_CHANGE, factor=5),
    HeldAgainst("OTHER-01", "scenario", "driver_factor", ratios.no_change, against.NO_CHANGE, factor=5),
    HeldAgainst("OTHER-01", "stock", "pieces", ledger.no_more_than_came, against.BEFORE_AND_CAME, factor=4, floor=100),
    HeldAgainst("OTHER-01", "use", "pieces", ledger.no_more_used_than_had, against.HAD_AND_GOT, factor=5, floor=10),
    HeldAgainst("OTHER-01", "delivery", "pieces", ledger.no_more_sent_than_held, against.LOT_COUNTED, factor=6),
    HeldAgainst("OTHER-02", "delivery", "pieces", ledger.no_more_than_asked, against.ASKED, factor=4.5),
    HeldAgainst("OTHER-01", "external_figure", "value", ledger.beside_our_counts, against.OUR_COUNTS, factor=6),
    HeldAgainst("AGREE-01", "inbound", "received_pieces", ledger.at_most, against.MOST_ORDERED, other="pieces"),
    HeldAgainst("AGREE-03", "inbound", "received_pieces", ledger.received_in_full, against.WHOLE_ORDER, factor=1.25),
    HeldAgainst(
        "AGREE-01", "request", "checked_pieces", ledger.at_most, against.MOST_ASKED, other="pieces", factor=1.5
    ),
    HeldAgainst("AGREE-01", "delivery", "need", ledger.accepted_for, against.ACCEPTING_NEED),
    HeldAgainst("AGREE-02", "delivery", "site", ledger.agrees_with_request, against.ASKING_SITE, other="request"),
    HeldAgainst("AGREE-02", "delivery", "need", ledger.agrees_with_request, against.ASKED_NEED, other="request"),
    HeldAgainst("AGREE-02", "request", "site", ledger.agrees_with_request, against.REPEATED_SITE, other="repeats"),
    HeldAgainst("AGREE-02", "request", "need", ledger.agrees_with_request, against.REPEATED_NEED, other="repeats"),
    HeldAgainst("AGREE-01", "delivery", "request", ledger.names_a_request, against.A_REQUEST),
    HeldAgainst("AGREE-01", "request", "repeats", ledger.names_a_request, against.A_REQUEST),
    HeldAgainst("AGREE-01", "inbound", "to_site", ledger.holds_for_others, against.A_WAREHOUSE),
    HeldAgainst("AGREE-01", "delivery", "from_site", ledger.from_elsewhere, against.ANOTHER_SITE),
    HeldAgainst("AGREE-01", "stock", "product", ledger.alike_in_lot, against.ONE_ARTICLE, ("lot",)),
    HeldAgainst("AGREE-01", "stock", "status", ledger.alike_in_lot, against.ONE_STATUS, ("lot", "product")),
    HeldAgainst("AGREE-04", "stock", "status", ledger.counted_once, against.SAME_PIECES),
    HeldAgainst("AGREE-01", "stock", "expires_on", ledger.keeps_within_shelf_life, against.SHELF_LIFE, factor=4),
)
"""A value against what else is known of the same thing."""

ALIKE = (
    HeldAgainst(
        "TWIN-01",
        "inbound",
        "order",
        twins.twins,
        against.THIS_ORDER,
        ("product", "to_site", "pieces"),
        time="day",
        factor=7,
    ),
    HeldAgainst(
        "TWIN-01",
        "delivery",
        "delivery",
        twins.twins,
        against.THIS_DELIVERY,
        ("site", "product", "lot", "day", "pieces", "channel"),
    ),
    HeldAgainst("TWIN-01", "site", "name", twins.twins, against.THIS_SITE, ("kind", "region"), other="name"),
    HeldAgainst("TWIN-01", "organisation", "legal_id", twins.twins, against.THIS_ORGANISATION, ("legal_id",)),
    HeldAgainst("TWIN-01", "organisation", "name", twins.twins, against.NAMED_ORGANISATION, other="name"),
    HeldAgainst("TWIN-01", "product", "gtin", twins.twins, against.THIS_NUMBER, ("gtin",)),
    HeldAgainst(
        "TWIN-01",
        "product",
        "name",
        twins.twins,
        against.THIS_ARTICLE,
        ("need", "pieces_per_pack", "storage"),
        other="name",
    ),
    HeldAgainst("TWIN-01", "need", "need", twins.twins, against.THIS_NEED, ("name_nl", "size")),
    HeldAgainst("TWIN-01", "region", "name", twins.twins, against.THIS_REGION, ("scheme",), other="name"),
    HeldAgainst(
        "TWIN-01", "fence", "fence", twins.twins, against.THIS_FENCE, ("need", "sector", "region", "kind", "share")
    ),
    HeldAgainst(
        "TWIN-01",
        "scenario",
        "scenario",
        twins.twins,
        against.THIS_LINE,
        ("need", "sector", "driver", "starts_on", "coverage", "norm_factor", "driver_factor"),
    ),
    HeldAgainst("TWIN-01", "use", "day", days.overlaps, against.PERIOD_END, ("site", "need")),
)
"""Alike under two keys."""

DAYS = (
    *(
        HeldAgainst("WHEN-01", table, "day", days.ahead, against.KNOWN_DAY)
        for table in ("request", "inbound", "asked", "external_figure")
    ),
    *(
        HeldAgainst("WHEN-02", table, "day", days.long_before, against.NEARER_DAY, factor=120)
        for table in ("stock", "use", "activity", "delivery", "request", "external_figure")
    ),
    HeldAgainst("WHEN-02", "inbound", "day", days.long_before, against.NEARER_DAY, factor=400),
    *(
        HeldAgainst("WHEN-03", table, "day", days.swapped, against.CHANGED_ROUND)
        for table in ("stock", "use", "activity", "delivery", "request", "indicator")
    ),
    HeldAgainst("WHEN-06", "use", "day", days.other_weekday, against.USUAL_WEEK, factor=0.9),
    HeldAgainst("WHEN-04", "inbound", "expected", days.before, against.AFTER_ORDER, other="day", factor=550),
    HeldAgainst("WHEN-04", "asked", "due", days.before, against.AFTER_QUESTION, other="day", factor=62),
    HeldAgainst("WHEN-04", "scenario", "starts_on", days.before, against.AFTER_HOLDS, other="valid_from", factor=366),
    HeldAgainst("WHEN-04", "delivery", "day", days.before_request, against.AFTER_REQUEST),
    HeldAgainst("WHEN-04", "region", "valid_to", days.before, against.AFTER_FIRST, other="valid_from", factor=100_000),
    *(
        HeldAgainst("WHEN-04", table, "valid_to", days.too_early, against.AFTER_FIRST, other="valid_from")
        for table in JUDGEMENTS
    ),
    *(HeldAgainst("WHEN-01", table, "valid_from", days.ahead, against.WITHIN_YEAR, factor=366) for table in JUDGEMENTS),
    HeldAgainst("WHEN-05", "site", "region", days.of_the_closed, against.REGIONS_END, other="region"),
    HeldAgainst("WHEN-05", "inbound", "product", days.of_the_closed, against.NEEDS_END, other="need", time="day"),
    HeldAgainst("WHEN-05", "delivery", "need", days.of_the_closed, against.NEEDS_END, other="need", time="day"),
)
"""Days that cannot be meant."""

JUDGED = (
    HeldAgainst("WHOLE-01", "fence", "share", judged.promises, against.THE_WHOLE),
    HeldAgainst("JUDGED-01", "acceptance", "valid_from", judged.still_open, against.BEFORE_STILL_OPEN),
    HeldAgainst("JUDGED-01", "verdict", "valid_from", judged.still_open, against.BEFORE_STILL_OPEN),
    HeldAgainst("JUDGED-01", "acceptance", "need", judged.two_first, against.ONE_FIRST),
    HeldAgainst(
        "JUDGED-01", "fence", "share", judged.side_by_side, against.ONE_SHARE, ("need", "sector", "region", "kind")
    ),
    HeldAgainst("JUDGED-02", "verdict", "valid_to", judged.without_end, against.AN_END, factor=84),
    *(
        HeldAgainst("JUDGED-03", table, "valid_to", judged.ended, against.HOLDS_TODAY)
        for table in ("acceptance", "norm", "fence", "scenario", "policy_rule", "mandate", "policy_text")
    ),
    HeldAgainst("JUDGED-04", "site", "region", judged.moved, against.EARLIER_ROW),
    HeldAgainst("JUDGED-04", "site", "sector", judged.moved, against.EARLIER_ROW),
    HeldAgainst("JUDGED-04", "site", "kind", judged.moved, against.EARLIER_ROW),
    HeldAgainst("JUDGED-04", "site", "organisation", judged.moved, against.EARLIER_ROW),
    HeldAgainst("JUDGED-04", "need", "piece", judged.moved, against.EARLIER_ROW),
    HeldAgainst("JUDGED-04", "scope", "state", judged.went_back, against.STATE_BEFORE),
)
"""Judgements and registers that pass the whole, stand beside each other, move, or end."""

TOO_BIG = (
    HeldAgainst("BIG-01", "stock", "pieces", ledger.reckonable, against.MOST_AT_A_SITE, factor=1e9),
    HeldAgainst("BIG-01", "delivery", "pieces", ledger.reckonable, against.MOST_AT_A_SITE, factor=1e9),
    HeldAgainst("BIG-01", "activity", "units", ledger.reckonable, against.MOST_AT_A_SITE, factor=1e6),
)
"""Numbers that a table allows and no sum can hold: errors, for a plan could not be made."""

HELD_AGAINST = (*TOO_BIG, *PAST, *PEERS, *KNOWN_ELSE, *ALIKE, *DAYS, *JUDGED)
"""All of them."""

OF_ALL_ROWS = (ratios.corrected, days.too_early, judged.moved)
"""What looks at rows that no longer count too; a kept run no longer has those."""
