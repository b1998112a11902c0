"""Faults between tables, one for each code: tables that give it when they are put into a small world without faults."""

from small import ago, at, rows, rule

OWN_WORD = {"size": 9, "size_unit": "beds", "size_confirmed_by": "applicant"}
PLANTED = {
    "REF-01": {"stock": rows("stock", {"site": "nowhere", "day": ago(1), "pieces": 1})},
    "REF-02": {"need": rows("need", {"need": "all"}, {})},
    "REG-01": {"region": rows("region", {"region": "north"}, {"region": "south"})},
    "REG-02": {"region_share": rows("region_share", {"from_region": "south", "to_region": "north", "share": 0.5})},
    "NEED-01": {"norm": rows("norm")},
    "NEED-02": {"acceptance": rows("acceptance")},
    "NEED-03": {
        "scope": rows("scope", {"state": "proposed"}),
        "request": rows("request", {"site": "home-1", "day": ago(1), "pieces": 1}),
    },
    "NEED-04": {
        "scope": rows("scope", {"state": "proposed"}),
        "stock": rows("stock", {"site": "home-1", "day": ago(1), "pieces": 1}),
    },
    "SITE-01": {"activity": rows("activity")},
    "SITE-02": {"site": rows("site", {"site": "home-1", "sector": "home"} | OWN_WORD)},
    "CHECK-01": {"activity": rows("activity", {"site": "home-1", "day": ago(1), "units": 5.0, "checked_by": "Home 1"})},
    "TIME-01": {"stock": rows("stock", {"site": "home-1", "day": ago(0), "known_at": at(ago(2)), "pieces": 1})},
    "STOCK-01": {"stock": rows("stock", {"site": "home-1", "day": ago(30), "pieces": 1})},
    "STOCK-03": {
        "product": rows("product", {}, {"product": "kn95"}),
        "stock": rows("stock", {"site": "store", "product": "kn95", "day": ago(1), "pieces": 1}),
    },
    "INBOUND-01": {"inbound": rows("inbound", {"day": ago(9), "pieces": 1, "expected": ago(2), "state": "underway"})},
    "INBOUND-02": {"inbound": rows("inbound", {"day": ago(9), "pieces": 1, "state": "ordered"})},
    "INDICATOR-01": {"indicator": rows("indicator", *({"day": ago(d), "value": 1.0} for d in (5, 3, 2)))},
    "SCOPE-01": {"scope": rows("scope", {"action": "none"})},
    "VERDICT-01": {"verdict": rows("verdict", {"verdict": "no_shortage", "valid_to": ago(1)})},
    "POLICY-01": {"policy_rule": rule("shoe_size", 43)},
    "POLICY-02": {"policy_rule": rule("buffer_share", 3)},
    "POLICY-06": {"policy_rule": rule("horizon_weeks", 4, need="mask")},
    "POLICY-07": {"scope": rows("scope", {"set_by": "dijk", "how": "assumed"})},
    "POLICY-04": {"policy_rule": rule("cap_days", 10, valid_to=ago(1))},
}
