"""Why this number: what a site gets of a need by a stored run, line by line, and the same dealt again by hand."""

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dijk.report.pages import Cell
from dijk.report.shown import shown
from dijk.report.words import word
from dijk_web import dividing, store
from dijk_web.access import requires
from dijk_web.models import Need, Person, Run, Site
from dijk_web.pages.answer import number_of
from dijk_web.pages.runs import may_take_along
from dijk_web.pages.told_run import chosen_run, lang
from dijk_web.people import Permission, Role
from dijk_web.visible import sees_all, sites_visible_to


@requires(Permission.READ_SITES)
@require_GET
def why(request: HttpRequest, site: str) -> HttpResponse:
    """What a site gets of each need it claims; with ``need`` in the address, why."""
    place = get_object_or_404(sites_visible_to(request.user), site=site)
    run = _readable(request)
    if run is None:
        return render(request, "dijk_web/why/none.html", {"site": place, "waits": dividing.open_division()})
    code, need = str(run.code), request.GET.get("need", "")
    claim = store.table(code, "claim", site=site)
    told = _told(request.user, run, place)
    claim = claim.filter(~pl.col("need").is_in(list(told.held_back)))
    needs = {row.need: row for row in Need.objects.all()}
    shown_here = {
        "site": place,
        "run": run,
        "may_download": may_take_along(request.user, run),
        "whole": sees_all(request.user),
        "as_of": shown(Cell("moment", run.as_of), lang()),
        "needs": [_line(code, needs, claim, told.award) for code in claim["need"].unique().sort()],
        "need": _name(needs, need) if need else "",
        "explained": _explained(code, told.award_line, site, need) if need in claim["need"] else [],
        "dealt": _dealt(code, claim, told.award, need) if need in claim["need"] else [],
        "released": dividing.released_run(run.act) is not None,
        "held_back": sorted(_name(needs, one) for one in told.held_back),
        "waits": dividing.open_division(),
    }
    return render(request, "dijk_web/why/why.html", shown_here)


def _readable(request: HttpRequest) -> Run | None:
    """The run that a person may read lines of: an institution reads those whose division was released."""
    number = number_of(request, "run")
    if request.user.role != Role.INSTITUTION:
        return chosen_run(number)
    run = dividing.released_run(number)
    if run is None and number is not None:
        raise Http404
    return run


def _told(person: Person, run: Run, site: Site) -> dividing.Told:
    """What a site gets by a run: what was released, or to who is no receiver what is calculated."""
    told = dividing.told_of(run, [site])
    if told is None:
        assert person.role != Role.INSTITUTION, "a draft is not for those who would receive"
        code = str(run.code)
        award, lines = store.table(code, "award", site=site.site), store.table(code, "award_line", site=site.site)
        told = dividing.Told(award, lines, frozenset())
    return told


def _name(needs: dict[str, Need], code: str) -> str:
    return getattr(needs[code], f"name_{lang()}") if code in needs else code


def _line(need: str, needs: dict[str, Need], claim: pl.DataFrame, award: pl.DataFrame) -> dict[str, str]:
    """What was asked and is awarded of a need, in pieces, and in packs of the article."""
    own, given = claim.filter(pl.col("need") == need), award.filter(pl.col("need") == need)
    asked = own.filter(pl.col("holder") == "warehouse")["requested"].sum()
    pieces = int((given["packs"] * given["pieces_per_pack"]).sum())
    packs = [
        f"{shown(Cell('whole', row['packs']), lang())} × {row['pieces_per_pack']}"
        for row in given.filter(pl.col("packs") > 0).iter_rows(named=True)
    ]
    return {
        "code": need,
        "name": _name(needs, need),
        "asked": shown(Cell("pieces", asked), lang()),
        "awarded": shown(Cell("pieces", pieces), lang()),
        "packs": " + ".join(packs),
    }


def _explained(code: str, lines: pl.DataFrame, site: str, need: str) -> list[dict[str, object]]:
    """Each claim of a site on a need: the lines that add up, and the sentence with what would have changed it."""
    from dijk.allocate.sentence import explain

    level = store.table(code, "level")
    pool = level.filter(pl.col("product").is_in(level.filter(pl.col("need") == need)["product"].implode()))
    needs = [need, *pool["need"].unique()]
    claims = pl.concat([store.table(code, "claim", need=one) for one in dict.fromkeys(needs)])
    found = explain(claims, lines, level, site=site, need=need)
    classes = _classes(code)
    return [
        {
            "risk_class": classes.get(one.risk_class, one.risk_class),
            "holder": word(f"holder.{one.holder}", lang()),
            "lines": [
                (word(f"line.{name}", lang()), word(f"line_why.{name}", lang()), shown(Cell("pieces", pieces), lang()))
                for name, pieces in one.lines
            ],
            "sentence": one.nl if lang() == "nl" else one.en,
        }
        for one in found
    ]


def _dealt(code: str, claim: pl.DataFrame, award: pl.DataFrame, need: str) -> list[dict[str, object]]:
    """The packs of a site dealt again from the published levels alone, beside what was awarded."""
    from dijk.allocate.recompute import beside_awards

    own, classes = claim.filter(pl.col("need") == need), _classes(code)
    return [
        {**row, "risk_class": classes[row["risk_class"]], "holder": word(f"holder.{row['holder']}", lang())}
        for row in beside_awards(own, award, store.table(code, "level")).iter_rows(named=True)
    ]


def _classes(code: str) -> dict[str, str]:
    """What the classes of risk are called."""
    return dict(store.known(code, "risk_class").select("risk_class", f"name_{lang()}").iter_rows())
