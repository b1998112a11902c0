"""The lines per site as one workbook per region: a national list is longer than a sheet can be."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

import polars as pl
from xlsxwriter import Workbook

from dijk.report.long_sheet import filled, numbered, write_last
from dijk.report.pages import Cell, Report, Text
from dijk.report.shown import said, shown
from dijk.report.theme import COLOURS
from dijk.report.words import word
from dijk.report.xlsx import workbook
from dijk.tables import ALL
from dijk.tables.division import AWARD_LINES
from dijk.tables.languages import LANGS, Lang

Each = Callable[[Callable[[Report], bytes], Iterable[Report]], Iterable[bytes]]
MOST_ROWS = 1_000_000
"""Lines on one sheet; more go on to a next sheet."""

LINE_COLUMNS = {
    "site": "col.site_code",
    "name": "col.site",
    "sector_{lang}": "col.sector",
    "need": "col.need_code",
    "name_{lang}": "col.need",
    "risk_class": "col.class_code",
    "risk_{lang}": "col.risk_class",
    "tier": "col.tier",
    "norm_use_per_day": "col.norm_use_per_day",
    "counted_pieces": "col.stock_counted",
    "counted_on": "col.counted_on",
    "why": "col.stock_reason",
    "position": "col.stock_for_division",
    "at_hub": "col.at_hub",
    "assumed": "col.assumed_stock",
    "assumed_because": "col.assumed_because",
    "assumed_on": "col.assumed_on",
    "without": "col.without",
    "requested": "col.open_request",
    "floor": "col.least",
    "ceiling": "col.most",
    "holder": "col.holder",
    "product": "col.product",
    "level_region": "col.level_region",
    "fence": "col.fence",
    "reserve": "col.reserve",
    "waiting_since": "col.waiting_since",
    "lot": "col.tie_lot",
    "packs": "col.packs",
    "new_packs": "col.new_packs",
    "new_reason": "col.new_reason",
    "shipped": "col.shipped",
    "cover_before_days": "col.cover_before",
    "cover_after_days": "col.cover_after",
    "route": "col.route",
}
LEVEL_COLUMNS = {
    "name_{lang}": "col.need",
    "tier": "col.tier",
    "holder": "col.holder",
    "region": "col.region",
    "fence": "col.fence",
    "product": "col.product",
    "pieces_per_pack": "col.pieces_per_pack",
    "reach": "col.reach",
    "supply_pieces": "col.supply",
    "awarded_pieces": "col.awarded",
    "claims": "col.claims",
    "level_days": "col.level_days",
    "level_exact": "col.level_exact",
    "marginal_cover_days": "col.marginal",
    "last_since": "col.last_since",
    "last_lot": "col.last_lot",
    "tie_seed": "col.tie_seed",
}
SILENT_COLUMNS = {
    "site": "col.site_code",
    "name": "col.site",
    "sector_{lang}": "col.sector",
    "topic": "col.topic",
    "asked_on": "col.asked_on",
    "due": "col.due",
    "last_answer": "col.last_answer",
}


def region_lists(report: Report, lang: Lang, *, each: Each = map) -> dict[str, bytes]:
    """Region code to workbook: a line per site, need and risk class; the levels to deal them again by; and who did not
    answer.

    Empty is unknown or does not occur, never 0; a missing stock has its reason in a column of its own.

    Parameters
    ----------
    report, lang
        The pages, and the language of headings and words.
    each
        What carries out the work of each region, in order: ``map``, or the ``map`` of an executor of threads or
        processes. Threads do: most of the work runs outside Python's lock. An error in one region reaches the caller.

    Raises
    ------
    ValueError
        A figure is not finite.

    Examples
    --------
    With two regions at a time::

        with ThreadPoolExecutor(2) as threads:
            lists = region_lists(pages, "nl", each=threads.map)
    """
    spoken = _in_words(report, lang)
    regions = sorted({*spoken.lines["region"].unique(), *spoken.silent["region"].unique()})
    parts = [_of(spoken, region) for region in regions]
    return dict(zip(regions, each(partial(_workbook, lang=lang), parts), strict=True))


def _in_words(report: Report, lang: Lang) -> Report:
    """What stands in the lists, in a language; no chapters, which no list needs."""
    lines = _in_language(report.lines, lang, {"route": "route", "reason": "reason", "holder": "holder"})
    lines = _in_language(lines, lang, {"assumed_because": "assumed"})
    levels = _in_language(report.levels, lang, {"reach": "reach", "holder": "holder"})
    return replace(
        report,
        chapters=(),
        lines=lines.rename({"reason": "why"}).with_columns(
            pl.col("lot").cast(pl.String), new_packs=pl.lit(None, pl.Int64), new_reason=pl.lit(None, pl.String)
        ),
        levels=levels.with_columns(pl.col("last_lot").cast(pl.String)),
        silent=_in_language(report.silent, lang, {"topic": "topic"}),
    )


def _of(report: Report, region: str) -> Report:
    """What concerns a region: its own rows, and those of all regions or of none, which are the nation's."""
    own = pl.col("region").is_in([region, ALL]) | pl.col("region").is_null()
    return replace(
        report,
        title=_titled(report, region),
        lines=report.lines.filter(own),
        levels=report.levels.filter(own),
        silent=report.silent.filter(own),
    )


def _in_language(lines: pl.DataFrame, lang: Lang, lists: dict[str, str]) -> pl.DataFrame:
    """Codes of closed lists in words."""
    for column, words in lists.items():
        codes = lines[column].drop_nulls().unique().sort().to_list()
        names = [word(f"{words}.{code}", lang) for code in codes]
        lines = lines.with_columns(pl.col(column).replace_strict(codes, names, default=None, return_dtype=pl.String))
    return lines


def _workbook(report: Report, *, lang: Lang) -> bytes:
    """The workbook of one region."""
    buffer = io.BytesIO()
    file = workbook(report, lang, buffer, constant_memory=True)
    about = _about(report, lang)
    sheets = [_sheet(file, name, about, lines) for name, lines in _sheets(report, lang)]
    file.close()
    return filled(buffer.getvalue(), sheets)


def _about(report: Report, lang: Lang) -> list[str]:
    """The lines at the top of each sheet."""
    as_of = word("page.of", lang).format(as_of=shown(Cell("moment", report.as_of), lang))
    interim = [word("interim.banner", lang)] if report.interim else []
    return [
        said(report.title, lang),
        as_of,
        word("sheet.way_back", lang),
        *interim,
        *(said(notice, lang) for notice in report.notices),
    ]


def _titled(report: Report, region: str) -> Text:
    """The title of a region's workbook: that of the report, with the code and the name of the region."""
    tables = (table.filter(region=region) for table in (report.lines, report.silent))
    names = next((rows.row(0, named=True) for rows in tables if rows.height), {})
    en, nl = (
        " · ".join(part for part in (said(report.title, lang), region, names.get(f"region_{lang}")) if part)
        for lang in LANGS
    )
    return Text(en, nl)


def _sheets(report: Report, lang: Lang) -> Iterator[tuple[str, pl.DataFrame]]:
    """The name of each sheet, and what stands on it."""
    sums = {f"line_{line}": word("sheet.sum", lang).format(line=word(f"line.{line}", lang)) for line in AWARD_LINES}
    parts = report.lines.iter_slices(MOST_ROWS) if report.lines.height else [report.lines]
    for place, part in enumerate(parts, 1):
        yield word("sheet.lines", lang) + (f" {place}" if place > 1 else ""), _headed(part, LINE_COLUMNS, lang, sums)
    yield word("sheet.levels", lang), _headed(report.levels, LEVEL_COLUMNS, lang, {})
    yield word("sheet.silent", lang), _headed(report.silent, SILENT_COLUMNS, lang, {})


def _headed(lines: pl.DataFrame, columns: dict[str, str], lang: Lang, more: dict[str, str]) -> pl.DataFrame:
    """The wanted columns under their heading in the language; award lines that never occur are left out."""
    wanted = {name.format(lang=lang): word(key, lang) for name, key in columns.items()}
    used = {name: heading for name, heading in more.items() if (lines[name].fill_null(0) != 0).any()}
    return lines.select(pl.col(name).alias(heading) for name, heading in (wanted | used).items())


def _sheet(file: Workbook, name: str, about: list[str], lines: pl.DataFrame) -> pl.DataFrame:
    """Write all of a sheet but the rows before the last; its numbered rows."""
    sheet = file.add_worksheet(name)
    bold = file.add_format({"bold": True, "text_wrap": True, "bg_color": COLOURS["mist"], "bottom": 2})
    date = file.add_format({"num_format": "d mmm yyyy"})
    for place, dtype in enumerate(lines.dtypes):
        sheet.set_column(place, place, 30 if place == 1 else 13, date if dtype == pl.Date else None)
    for row, text in enumerate(about):
        sheet.write_string(row, 0, text)
    head = len(about) + 1
    for place, heading in enumerate(lines.columns):
        sheet.write_string(head, place, heading, bold)
    rows = numbered(lines, head + 2)
    write_last(sheet, rows)
    sheet.freeze_panes(head + 1, 2)
    sheet.autofilter(head, 0, head + max(lines.height, 1), lines.width - 1)
    return rows
