"""The people of the demo: one of each kind, and a second where something takes two."""

from collections.abc import Iterator
from typing import Any

import polars as pl


def others() -> Iterator[dict[str, Any]]:
    """Everybody but the planner: two regions, with a hospital and a care home in the one, a hospital in the other, and
    an outlet for carers.
    """
    from dijk_web.bridge import current_rows, rows_until
    from dijk_web.people import SEATS, Directorate, Role

    sites, names = current_rows("site"), dict(rows_until("region").select("region", "name").rows())
    here, there = two_regions(sites)
    for name, region in (("coordinator", here), ("other-coordinator", there)):
        yield seat(name, f"Coordinator of {names[region]}", role=Role.COORDINATOR, region=region)
    for name, region, sector in (
        ("hospital", here, "hospital"),
        ("care-home", here, "nursing_home"),
        ("other-hospital", there, "hospital"),
        ("outlet", None, "informal_care"),
    ):
        mine = sites.filter(sector=sector, **({"region": region} if region else {}))
        site = mine.sort("size", descending=True, nulls_last=True).row(0, named=True)
        own = {"organisation": site["organisation"], "sites": [site["site"]], "is_owner": True}
        yield seat(name, f"{site['name']} ({names[site['region']]})", role=Role.INSTITUTION, **own)
    for one in Directorate:
        yield seat(f"official-{one.value.lower()}", f"Official of {one.value}", role=Role.OFFICIAL, directorate=one)
    yield seat("second-planner", "Second planner")
    yield seat("second-official", "Second official of GMT", role=Role.OFFICIAL, directorate=Directorate.GMT)
    yield seat("second-expert", "Second expert", role=Role.EXPERT)
    named = {Role.COORDINATOR, Role.INSTITUTION, Role.OFFICIAL, Role.PLANNER}
    for role in (role for role in Role if role not in named):
        yield seat(role.value, SEATS[role].en.capitalize(), role=role)


def seat(name: str, shown: str, **more: Any) -> dict[str, Any]:
    """A person of the demo, by default the planner."""
    return {
        "code": f"p-{name}",
        "name": shown,
        "email": f"{name}@demo.example",
        "role": "planner",
        "language": "en",
    } | more


def two_regions(sites: pl.DataFrame) -> list[str]:
    """The first two regions with a hospital and a care home."""
    care = sites.filter(pl.col("kind") == "care", pl.col("region") != "unknown")
    both = (
        care.filter(pl.col("sector").is_in(["hospital", "nursing_home"]))
        .group_by("region")
        .agg(pl.col("sector").n_unique())
    )
    return both.filter(pl.col("sector") == 2)["region"].sort().head(2).to_list()
