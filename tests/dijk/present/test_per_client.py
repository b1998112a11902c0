"""What one client of an outlet gets at most."""

from typing import Any

import polars as pl

from dijk.policy import Policy
from dijk.present.per_client import cap_per_client
from small import AS_OF, rows, rule

NORM = {"need": "mask", "sector": "informal_care", "driver": "client_day", "low": 1.0, "mid": 2.0, "high": 4.0}
CELLS = pl.DataFrame({"need": ["mask", "gown"], "sector": "informal_care", "region": "north"})


def caps(*norms: dict[str, Any], **rules: Any) -> list[float | None]:
    told = {"norm": rows("norm", *norms), "policy_rule": rule("cap_days", 4, **rules)}
    return cap_per_client(Policy.of(told), AS_OF.date(), CELLS).to_list()


def test_a_client_gets_the_cap_in_days_of_the_sector_at_the_norm() -> None:
    """At most 8 masks a client at a time is a cap of 4 days with a norm of 2 a client a day."""
    assert caps(NORM, sector="informal_care") == [8, None]
    assert caps(NORM, sector="informal_care", region="north") == [8, None]
    assert caps(NORM, sector="hospital") == [20, None], "ten days where nobody set another cap"


def test_where_no_norm_or_several_speak_for_a_client_nobody_can_say() -> None:
    assert caps(NORM | {"sector": "hospital"}) == [None, None]
    assert caps(NORM, NORM | {"driver": "staff_shift"}) == [None, None]
