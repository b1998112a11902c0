"""The situation: what is short, what nobody knows, per need, sector and region; and what lies behind a cell."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import dataframely as dy
import polars as pl
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from dijk.report.pages import Cell, Column, Points, Prose, Say, Table
from dijk.report.pages import rows as page_rows
from dijk.report.shown import said, shown
from dijk.report.theme import SIGNS
from dijk.report.words import word
from dijk.tables import ALL
from dijk.tables.results import Situation
from dijk_web import store
from dijk_web.access import requires
from dijk_web.models import Run
from dijk_web.pages.answer import as_csv, number_of
from dijk_web.pages.told_run import Stored, chosen_run, drawn, lang, material
from dijk_web.people import Permission
from dijk_web.visible import sites_visible_to

PAGE = 50


@requires(Permission.READ_NATION)
@require_GET
def situation(request: HttpRequest) -> HttpResponse:
    """Two matrices of cover, each cell a way to what lies behind it, and the central stock."""
    run = chosen_run(number_of(request, "run"))
    if run is None:
        return render(request, "dijk_web/situation/none.html")
    return render(request, "dijk_web/situation/situation.html", _frame(run) | _cover(Stored.of(run), lang()))


@lru_cache(maxsize=16)
def _cover(run: Stored, language: str) -> dict[str, Any]:
    """What the page says of a run, in the language of the page."""
    from dijk.report.chapters.situation import across, in_store, judged, matrix, opening

    story = material(run)
    cells = judged(story)
    linked = [
        drawn(matrix(story, cells, ref, axis), _links(run, story, axis, across(story, cells, axis)))
        for ref, axis in (("T2.1", "sector"), ("T2.2", "region"))
    ]
    stock = in_store(story)
    return {
        "intro": [said(block.words, language) for block in (*opening(story), *stock) if isinstance(block, Prose)],
        "key": [(mark, sign, word(f"tone.{mark}", language)) for mark, sign in SIGNS.items()],
        "tables": _as_page([*linked, *(drawn(block) for block in stock if isinstance(block, Table))]),
    }


def _as_page(tables: list[dict[str, Any]]) -> SafeString:
    """Tables as they stand on a page, which takes most of the time that the page takes."""
    return render_to_string("dijk_web/tables.html", {"tables": tables})


@requires(Permission.READ_NATION)
@require_GET
def requested_and_delivered(request: HttpRequest) -> HttpResponse:
    """What was asked for and what was delivered, per need and sector."""
    from dijk.report.chapters.flows import flows

    return _chapter(request, flows)


@requires(Permission.READ_NATION)
@require_GET
def routing(request: HttpRequest) -> HttpResponse:
    """How each need is routed: computed, verdict and effective, with the alarms."""
    from dijk.report.chapters.regimes import regimes

    return _chapter(request, regimes)


@requires(Permission.READ_NATION)
@require_GET
def figures_of_others(request: HttpRequest) -> HttpResponse:
    """Figures of others, each with its own definition, beside the nearest of ours."""
    from dijk.report.chapters.sensitivity import external

    return _chapter(request, external, "external_figure")


def _chapter(request: HttpRequest, chapter: Callable[..., Any], *more: str) -> HttpResponse:
    run = chosen_run(number_of(request, "run"))
    if run is None:
        return render(request, "dijk_web/situation/none.html")
    told = _frame(run) | _told(Stored.of(run), lang(), chapter, *more)
    return render(request, "dijk_web/situation/chapter.html", told)


@lru_cache(maxsize=16)
def _told(run: Stored, language: str, chapter: Callable[..., Any], *more: str) -> dict[str, Any]:
    """What a chapter says of a run, in the language of the page."""
    made = chapter(material(run, *more))
    return {
        "title": said(made.title, language),
        "intro": [said(block.words, language) for block in made.blocks if isinstance(block, Prose)],
        "points": [
            said(words, language) for block in made.blocks if isinstance(block, Points) for words, _ in block.items
        ],
        "tables": _as_page([drawn(block) for block in made.blocks if isinstance(block, Table)]),
    }


def _frame(run: Run) -> dict[str, Any]:
    return {"run": run, "as_of": shown(Cell("moment", run.as_of), lang()), "runs": Run.objects.exclude(code=None)[:20]}


def _links(run: Stored, story: Any, axis: str, columns: tuple[str, ...]) -> dict[tuple[int, int], str]:
    """The address behind each cell of a matrix; the first column is the need itself."""
    address = reverse("cell")
    return {
        (row, place): f"{address}?{urlencode({'run': run.act, 'need': need, axis: code})}"
        for row, need in enumerate(story.needs)
        for place, code in enumerate(columns, start=1)
    }


@requires(Permission.READ_NATION)
@require_GET
def cell(request: HttpRequest) -> HttpResponse:
    """One cell: its figures, and the sites behind it as far as the reader may see them."""
    run = chosen_run(number_of(request, "run"))
    if run is None:
        raise Http404
    need, sector, region = (request.GET.get(name, ALL) for name in ("need", "sector", "region"))
    row = store.table(str(run.code), "situation", need=need, sector=sector, region=region)
    if row.is_empty():
        raise Http404
    story = material(Stored.of(run))
    sites = _sites_behind(request, run, (need, sector, region))
    if request.GET.get("form") == "csv":
        return as_csv(sites, f"{need}-{sector}-{region}")
    page = Paginator(range(sites.height), PAGE).get_page(request.GET.get("page"))
    lines = sites.slice(page.start_index() - 1 if sites.height else 0, PAGE)
    shown_here = {
        **_frame(run),
        "need": said(story.text("need", need), lang()),
        "where": [said(story.text(axis, code), lang()) for axis, code in (("sector", sector), ("region", region))],
        "figures": _figures(row.row(0, named=True)),
        "page": page,
        "lines_by_site": list(zip(lines["site"], drawn(_site_table(lines))["rows"], strict=True)),
        "need_code": need,
        "sites_seen": sites.height,
        "query": urlencode({"run": run.act, "need": need, "sector": sector, "region": region}),
    }
    return render(request, "dijk_web/situation/cell.html", shown_here)


def _figures(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of a cell, each with what it means, as the reference of tables says it."""
    columns = Situation.columns()
    kinds = {"sites": "whole", "sites_known": "whole", "norm_use_per_day": "number", "unknown_share": "share"}
    kinds |= {"stock_pieces": "pieces", "cover_days": "days", "cover_least_days": "days"}
    kinds |= {f"p_out_{weeks}w": "share" for weeks in (2, 4, 8)} | {"short_pieces_4w": "pieces"}
    why = str(row["reason"] or "not_counted")
    return [(_meaning(columns[name]), shown(Cell(kind, row[name], why), lang())) for name, kind in kinds.items()]


def _meaning(column: dy.Column) -> str:
    said_of = (column.metadata or {})["nl_note"] if lang() == "nl" else column.description or ""
    return f"{said_of[:1].upper()}{said_of[1:].rstrip('.')}"


def _sites_behind(request: HttpRequest, run: Run, place: tuple[str, str, str]) -> pl.DataFrame:
    """The sites of a cell that the reader may see: norm use, stock and where it comes from, the least covered first."""
    need, sector, region = place
    visible = dict(sites_visible_to(request.user).values_list("site", "name"))
    use = store.table(str(run.code), "norm_use", need=need).group_by("site").agg(norm_use_per_day=pl.col("mid").sum())
    sites = store.known(str(run.code), "site").select("site", "sector", "region")
    groups = store.known(str(run.code), "sector").select("sector", "group")
    rows = (
        store.table(str(run.code), "position", need=need)
        .filter(pl.col("site").is_in(list(visible)))
        .join(sites, on="site")
        .join(groups, on="sector", how="left")
        .join(use, on="site")
        .filter((sector == ALL) | (pl.col("sector") == sector) | (pl.col("group").cast(pl.String) == sector))
        .filter((region == ALL) | (pl.col("region") == region))
    )
    cover = pl.when(pl.col("norm_use_per_day") > 0).then(pl.col("pieces") / pl.col("norm_use_per_day"))
    named = pl.col("site").replace_strict(visible, default=None, return_dtype=pl.String)
    return rows.select(
        "site",
        named.alias("name"),
        "sector",
        "region",
        "norm_use_per_day",
        "pieces",
        cover.alias("cover_days"),
        "counted_pieces",
        "counted_on",
        pl.col("reason").cast(pl.String),
    ).sort("cover_days", "site", nulls_last=True)


def _site_table(lines: pl.DataFrame) -> Table:
    kinds = {"name": "text", "region": "text", "norm_use_per_day": "number", "pieces": "pieces", "cover_days": "days"}
    kinds |= {"counted_pieces": "pieces", "counted_on": "day"}
    columns = tuple(Column(Say("col.site"), kind, name, why="reason") for name, kind in kinds.items())
    return Table("-", Say("col.site"), columns, page_rows(lines, columns))
