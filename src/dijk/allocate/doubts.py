"""What a person should doubt in a division: promises that cannot be kept, goods left unused, packs beyond a cap."""

import polars as pl

from dijk.allocate import Division
from dijk.check.codes import CODES
from dijk.check.findings import as_table, together


def check_division(division: Division) -> pl.DataFrame:
    """Findings that need the division: fences that were promised more than there is, regions whose own rules leave
    goods unused, and per need the claims of which a single pack passes the cap.
    """
    short = division.shortfall.select("fence", found=pl.format("{} {}: {}", "need", "fence", "missing_pieces"))
    left = division.left.select("region", found=pl.format("{} {}: {}", "need", "region", "pieces"))
    found = [
        *together(CODES["FENCE-01"], "fence", "share", short),
        *together(CODES["REGION-01"], "policy_rule", "value", left),
    ]
    for (need,), part in division.beyond_cap.group_by("need", maintain_order=True):
        packs = part.select(pl.format("{}: {}, {}", "site", "product", "pieces")).to_series()
        found += together(CODES["AWARD-02"], "product", "pieces_per_pack", packs, need=need)
    return as_table(found)
