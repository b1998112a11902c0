"""The lines per site as one workbook per region: a national list is longer than a sheet can be."""

import io
from collections.abc import Iterator

import polars as pl

from dijk.report.pages import Cell, Lang, Report
from dijk.report.shown import said, shown
from dijk.report.theme import COLOURS
from dijk.report.words import word
from dijk.report.xlsx import workbook
from dijk.tables.division import AWARD_LINES

MOST_ROWS = 1_000_000
"""Lines on one sheet; more go on to a next sheet."""

LINE_COLUMNS = {
    "site": "col.site_code",
    "name": "col.site",
    "sector_{lang}": "col.sector",
    "name_{lang}": "col.need",
    "risk_{lang}": "col.risk_class",
    "tier": "col.tier",
    "norm_use_per_day": "col.norm_use_per_day",
    "counted_pieces": "col.stock_counted",
    "counted_on": "col.counted_on",
    "why": "col.stock_reason",
    "position": "col.stock_for_division",
    "requested": "col.open_request",
    "floor": "col.least",
    "ceiling": "col.most",
    "holder": "col.holder",
    "product": "col.product",
    "fence": "col.fence",
    "reserve": "col.reserve",
    "waiting_since": "col.waiting_since",
    "lot": "col.tie_lot",
    "packs": "col.packs",
    "shipped": "col.shipped",
    "cover_before_days": "col.cover_before",
    "cover_after_days": "col.cover_after",
    "route": "col.route",
}
LEVEL_COLUMNS = {
    "name_{lang}": "col.need",
    "tier": "col.tier",
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


def region_lists(report: Report, lang: Lang) -> dict[str, bytes]:
    """Region code to workbook: a line per site, need and risk class; the levels to deal them again by; and who did not
    answer.

    Empty is unknown or does not occur, never 0; a missing stock has its reason in a column of its own.
    """
    lines = _in_language(report.lines, lang, {"route": "route", "reason": "reason", "holder": "holder"}).with_columns(
        pl.col("lot").cast(pl.String)
    )
    levels = _in_language(report.levels, lang, {"reach": "reach"}).with_columns(pl.col("last_lot").cast(pl.String))
    silent = _in_language(report.silent, lang, {"topic": "topic"})
    regions = sorted({*lines["region"].unique(), *silent["region"].unique()})
    return {
        region: _list(report, lang, *(_of(table, region) for table in (lines, levels, silent))) for region in regions
    }


def _of(lines: pl.DataFrame, region: str) -> pl.DataFrame:
    """What concerns a region: its own rows, and those of no region, which are the nation's."""
    return lines.filter((pl.col("region") == region) | pl.col("region").is_null())


def _in_language(lines: pl.DataFrame, lang: Lang, lists: dict[str, str]) -> pl.DataFrame:
    """Codes of closed lists in words."""
    for column, words in lists.items():
        codes = lines[column].drop_nulls().unique().sort().to_list()
        names = [word(f"{words}.{code}", lang) for code in codes]
        lines = lines.with_columns(pl.col(column).replace_strict(codes, names, default=None, return_dtype=pl.String))
    return lines.rename({"reason": "why"}) if "reason" in lines.columns else lines


def _list(report: Report, lang: Lang, lines: pl.DataFrame, levels: pl.DataFrame, silent: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    file = workbook(report, lang, buffer, constant_memory=True)
    about = [said(report.title, lang), word("page.of", lang).format(as_of=shown(Cell("moment", report.as_of), lang))]
    about += [word("interim.banner", lang)] if report.interim else []
    about += [said(notice, lang) for notice in report.notices]
    sums = {f"line_{line}": word("sheet.sum", lang).format(line=word(f"line.{line}", lang)) for line in AWARD_LINES}
    for place, part in enumerate(lines.iter_slices(MOST_ROWS) if lines.height else [lines], 1):
        name = word("sheet.lines", lang) + (f" {place}" if place > 1 else "")
        _sheet(file, name, about, _headed(part, LINE_COLUMNS, lang, sums))
    _sheet(file, word("sheet.levels", lang), about, _headed(levels, LEVEL_COLUMNS, lang, {}))
    _sheet(file, word("sheet.silent", lang), about, _headed(silent, SILENT_COLUMNS, lang, {}))
    file.close()
    return buffer.getvalue()


def _headed(lines: pl.DataFrame, columns: dict[str, str], lang: Lang, more: dict[str, str]) -> pl.DataFrame:
    """The wanted columns under their heading in the language; award lines that never occur are left out."""
    wanted = {name.format(lang=lang): word(key, lang) for name, key in columns.items()}
    used = {name: heading for name, heading in more.items() if (lines[name].fill_null(0) != 0).any()}
    return lines.select(pl.col(name).alias(heading) for name, heading in (wanted | used).items())


def _sheet(file: object, name: str, about: list[str], lines: pl.DataFrame) -> None:
    """Write a sheet row by row; nothing of it stays in memory."""
    sheet = file.add_worksheet(name)  # type: ignore[attr-defined]
    bold = file.add_format({"bold": True, "text_wrap": True, "bg_color": COLOURS["mist"], "bottom": 2})  # type: ignore[attr-defined]
    date = file.add_format({"num_format": "d mmm yyyy"})  # type: ignore[attr-defined]
    for place, dtype in enumerate(lines.dtypes):
        sheet.set_column(place, place, 30 if place == 1 else 13, date if dtype == pl.Date else None)
    for row, text in enumerate(about):
        sheet.write_string(row, 0, text)
    head = len(about) + 1
    for place, heading in enumerate(lines.columns):
        sheet.write_string(head, place, heading, bold)
    writers = [
        sheet.write_datetime if dtype == pl.Date else sheet.write_number if dtype.is_numeric() else sheet.write_string
        for dtype in lines.dtypes
    ]
    for row, values in _rows(lines, head + 1):
        for place, value in enumerate(values):
            if value is not None:
                writers[place](row, place, value)
    sheet.freeze_panes(head + 1, 2)
    sheet.autofilter(head, 0, head + max(lines.height, 1), lines.width - 1)


def _rows(lines: pl.DataFrame, first: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    return enumerate(lines.iter_rows(), first)
