"""The cover of a need in a place as a cell: how chapters 1 and 2 show it."""

from dijk.report.pages import Cell, say


def cell(row: dict[str, object], *, total: bool) -> Cell:
    """Cover in days, with the chances to run out below it where they are judged; a total adds its unknown share."""
    if row["cover_days"] is None:
        return Cell("days", None, why=str(row["reason"] or "not_counted"))
    gaps = {f"p{weeks}": Cell("points", row[f"p_out_{weeks}w"], why="short") for weeks in (2, 4, 8)}
    known = not row["beyond_cap"] and all(not gap.unknown for gap in gaps.values())
    unknown = Cell("share", row["unknown_share"], why="short")
    below = None
    if total:
        below = say("situation.total" if known else "situation.unknown", unknown=unknown, **gaps)
    elif known:
        below = say("situation.chances", **gaps)
    return Cell("days", row["cover_days"], tone=row["tone"], below=below)  # type: ignore[arg-type]
