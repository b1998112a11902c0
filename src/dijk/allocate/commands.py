"""The command ``explain``: what a site gets of a need, from request to shipment, and what would have changed it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dijk import runs, screen
from dijk.allocate.sentence import Explained, Lang
from dijk.allocate.sentence import explain as explained

NOTHING = 5
"""Exit code where there is nothing to explain."""

LINES = {
    "requested": ("asked", "gevraagd"),
    "over_norm": ("above the norm", "boven de norm"),
    "in_stock": ("already in stock", "al op voorraad"),
    "level_band": ("held back by the band", "tegengehouden"),
    "floor": ("floors", "bodems"),
    "tier": ("classes in order", "klassen op volgorde"),
    "fence": ("fences", "hekken"),
    "substitution": ("other articles", "andere artikelen"),
    "scarcity": ("scarcity", "schaarste"),
    "pack_rounding": ("whole packs", "hele verpakkingen"),
    "region_change": ("the region", "de regio"),
    "shipped": ("sent", "geleverd"),
}
"""Each line of the sum, in English and in Dutch."""


HOLDERS = {"warehouse": ("from the warehouses", "uit de magazijnen"), "regional_hub": ("from the regional hub", "uit het regionale depot")}
"""On whose goods a claim is."""


def explain(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that 'dijk plan' wrote.")],
    site: Annotated[str, typer.Argument(metavar="SITE", help="Code of the site.")],
    need: Annotated[str, typer.Argument(metavar="NEED", help="Code of the need.")],
    lang: Annotated[Lang, typer.Option("--lang", envvar="DIJK_LANG", help="Language of what is said.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON on stdout, for machines.")] = False,
) -> None:
    """Explain what a site gets of a need.

    From what it asked to what is sent, line by line and in a sentence, with what would have changed it.
    """
    plan = runs.read_run(run).plan
    found = explained(plan.claim, plan.award_line, plan.level, site=site, need=need)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    for one in () if as_json else found:
        for line in told(one, lang):
            screen.console().print(line, markup=False)
    if not found:
        screen.tell(screen.say("no_claim", lang, site, need))
        raise typer.Exit(NOTHING)


def told(explained: Explained, lang: str) -> Iterator[str]:
    """The lines of one claim with their pieces, and the sentence under them."""
    yield f"{explained.site}  {explained.need}  {explained.risk_class}  {HOLDERS[explained.holder][lang == 'nl']}"
    for line, pieces in explained.lines:
        figure = f"{pieces:,}" if lang == "en" else f"{pieces:,}".replace(",", ".")
        yield f"  {LINES[line][lang == 'nl']:<22}{figure:>14}"
    yield explained.nl if lang == "nl" else explained.en
