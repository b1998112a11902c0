"""What other sectors may expect of a need: what holds of it now, and whether that changed since its text was told."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dijk.assess.signal import Ground, ground_of
from dijk_web import store
from dijk_web.of_site import last_published, moment, policy_now

SIGNAL, CARER = "signal", "carer"
"""What a text of the policy is about."""

Row = Mapping[str, Any]


def computed_now() -> dict[str, str]:
    """By need the regime that the last published plan computed; empty without one."""
    run = last_published()
    if run is None:
        return {}
    return dict(store.table(str(run.code), "regime").select("need", pl.col("computed").cast(pl.String)).iter_rows())


def ground_now(need: str) -> Ground:
    """What holds of a need now."""
    return ground_of(policy_now(), computed_now(), need=need, day=moment().date())


def resting_on(table: str, row: Row) -> dict[str, str | None]:
    """What a row of a judgement would rest on now, as its column has it; nothing but of a text to other sectors."""
    if table != "policy_text":
        return {}
    return {"ground": ground_now(row["need"]).text if row["subject"] == SIGNAL else None}


def rests_on_other(table: str, row: Row) -> bool:
    """Whether what a row was written on is not what holds now. One that does not say on what it was written, as in a
    file, is not taken for old.
    """
    return bool(row.get("ground")) and resting_on(table, row)["ground"] != row["ground"]
