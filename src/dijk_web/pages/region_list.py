"""The workbook of a region's part of a division: the same as the report's, with what was moved until now."""

import polars as pl

from dijk.report.pages import About, Report, Text
from dijk.tables import RESULTS, empty
from dijk.tables.languages import Lang
from dijk_web import dividing, store
from dijk_web.models import Division, Run

OF_THE_NATION = ("region", "sector", "need", "risk_class", "product")


def region_list(division: Division, region: str, lang: Lang) -> bytes:
    """A line per site, need and class, the levels to deal them again by, and who did not answer; says that it is a
    draft.
    """
    from dijk.report import region_lists

    return region_lists(_pages(division, region), lang)[region]


def _pages(division: Division, region: str) -> Report:
    from dijk.inputs import Inputs
    from dijk.planned import Plan
    from dijk.policy import Policy
    from dijk.report.region_lines import level_lines, silent_lines, site_lines
    from dijk.report.story import story

    run = Run.objects.get(act=division.run)
    code, part = str(run.code), dividing.Part.of(division, region)
    moved = part.with_changes(dividing.moves_of(division, region))
    sites = part.claim["site"].unique().to_list()
    results = {name: empty(name) for name in RESULTS} | {
        "claim": part.claim,
        "award": moved.award,
        "award_line": moved.award_line,
        "level": store.table(code, "level"),
        "position": store.table(code, "position", site=sites),
        "not_answered": store.table(code, "not_answered", region=region),
    }
    known = {name: store.known(code, name) for name in OF_THE_NATION}
    silent = results["not_answered"]["site"].unique().to_list()
    known["site"] = store.known(code, "site").filter(pl.col("site").is_in([*sites, *silent]))
    number = division.act
    title = Text(f"Division {number}, a draft to check", f"Verdeling {number}, een concept om te toetsen")
    about = About(title, run.as_of, seed=run.seed, version="-", digest="-", run=code)
    told = story(Inputs.of(known, as_of=run.as_of), Policy.of({}), Plan.of(results), about)
    return Report(
        title=title,
        as_of=run.as_of,
        interim=False,
        notices=(),
        chapters=(),
        lines=site_lines(told),
        levels=level_lines(told),
        silent=silent_lines(told),
    )
