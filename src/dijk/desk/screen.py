"""What the command line prints: words in English and Dutch, numbers as people write them, tables, and progress on
stderr.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table

from dijk import __version__
from dijk.check import worst_first
from dijk.report.summary import Summary
from dijk.runs import Difference, versions
from dijk.tables import ALL
from dijk.tables.languages import MONTHS

WIDE = 200
"""Columns of a table that goes to a file or a pipe, where nobody's window sets the width."""

NARROW = 120
"""A window with fewer columns gets findings as sentences."""

WORDS: dict[str, tuple[str, str]] = {
    "reading": ("Reading {0} ...", "{0} wordt gelezen ..."),
    "making": ("Making the example country ...", "Het voorbeeldland wordt gemaakt ..."),
    "planning": ("Planning ...", "Het plan wordt gemaakt ..."),
    "writing": ("Writing {0} ...", "{0} wordt geschreven ..."),
    "rendering": ("Writing the report: {0} ...", "Het rapport wordt geschreven: {0} ..."),
    "as_of_newest": (
        "As known at {0}: the newest moment in the data. --as-of names another.",
        "Zoals bekend op {0}: het nieuwste moment in de gegevens. --as-of noemt een ander.",
    ),
    "as_of_given": ("As known at {0}.", "Zoals bekend op {0}."),
    "bug": (
        "Something went wrong inside dijk: {0}. That is a mistake of dijk, not yours. DIJK_TRACEBACK=1 shows "
        "where; please report it.",
        "Er ging iets mis in dijk zelf: {0}. Dat is een fout van dijk, niet van u. DIJK_TRACEBACK=1 toont waar; "
        "meld het alstublieft.",
    ),
    "usage": ("{0} See: {1} --help", "Zo werkt de opdracht niet: {0} Zie: {1} --help"),
    "io": ("{0}: {1}", "{0}: {1}"),
    "no_folder": ("{0}: no such folder.", "{0}: deze map is er niet."),
    "no_data": (
        "{0}: no table of dijk found. 'dijk template {0}' writes empty ones to fill in.",
        "{0}: geen enkele tabel van dijk gevonden. 'dijk template {0}' schrijft lege om in te vullen.",
    ),
    "not_empty": (
        "{0}: holds something else; name a new or empty folder.",
        "{0}: bevat al iets; noem een nieuwe of lege map.",
    ),
    "bad_input": (
        "Errors that stop the plan: {0}. Mend them in the files and start again; 'dijk check' lists all findings.",
        "Fouten die het plan tegenhouden: {0}. Herstel ze in de bestanden en begin opnieuw; 'dijk check' toont "
        "alle bevindingen.",
    ),
    "changed": (
        "These files of the run are not the ones it was kept with; its figures cannot be trusted: {0}",
        "Deze bestanden van de berekening zijn niet meer zoals ze bewaard zijn; de cijfers zijn niet te "
        "vertrouwen: {0}",
    ),
    "stopped": ("Stopped.", "Gestopt."),
    "no_claim": ("{0} claims nothing of {1} in this run.", "{0} maakt in deze berekening geen aanspraak op {1}."),
    "nobody_here": ("{0}: no claims in this run.", "{0}: geen aanspraken in deze berekening."),
    "dealt_the_same": (
        "Dealt again from the published levels: {0} claims, all as awarded.",
        "Opnieuw verdeeld uit de gepubliceerde niveaus: {0} aanspraken, alle zoals toegekend.",
    ),
    "dealt_otherwise": (
        "Dealt again from the published levels: of {0} claims {1} differ from what was awarded.",
        "Opnieuw verdeeld uit de gepubliceerde niveaus: van {0} aanspraken wijken er {1} af van wat is toegekend.",
    ),
    "adjusted": ("{0} awards changed. Run {1} in {2}", "{0} toekenningen gewijzigd. Berekening {1} in {2}"),
    "pricing": ("Pricing fences ...", "De prijs van hekken wordt bepaald ..."),
    "priced": (
        "Without the fence → with it; the other fences stay. Days are cover after the division, weighed by norm use.",
        "Zonder het hek → met het hek; de andere hekken blijven. Dagen zijn dekking na de verdeling, gewogen naar "
        "normverbruik.",
    ),
    "no_fences": ("No fence that touches a claim.", "Geen hek dat een aanspraak raakt."),
    "no_origin": (
        "{0}: the dataset is not where it was. --data says where it is now.",
        "{0}: de gegevens liggen niet meer waar ze lagen. --data zegt waar ze nu zijn.",
    ),
    "bad_moment": (
        "'{0}' is not a moment. Write 2020-04-27 (the end of that day) or 2020-04-27T10:00, in UTC.",
        "'{0}' is geen moment. Schrijf 2020-04-27 (het einde van die dag) of 2020-04-27T10:00, in UTC.",
    ),
    "bad_day": ("'{0}' is not a day. Write 2020-04-27.", "'{0}' is geen dag. Schrijf 2020-04-27."),
    "bad_cut": ("{0} lies outside the real series.", "{0} ligt buiten de echte reeksen."),
    "bad_form": (
        "'{0}' is not a form of the report. Choose from {1}.",
        "'{0}' is geen vorm van het rapport. Kies uit {1}.",
    ),
    "real_needs_cut": ("--real and --cut go together.", "--real en --cut horen bij elkaar."),
    "findings": (
        "{0} errors, {1} warnings, {2} notes.",
        "{0} fouten, {1} waarschuwingen, {2} opmerkingen.",
    ),
    "no_findings": ("No findings.", "Geen bevindingen."),
    "written": ("Written: {0}", "Geschreven: {0}"),
    "tables_written": ("{0} tables, {1} rows in {2}", "{0} tabellen, {1} rijen in {2}"),
    "scarce_line": (
        "{0} of {1} needs are scarce, {2} give early warning, {3} go out directly.",
        "{0} van {1} behoeften zijn schaars, {2} geven een vroege waarschuwing, {3} gaan er direct uit.",
    ),
    "unknown_line": (
        "{0} of the {1} sites that were asked for their stock did not answer in time.",
        "{0} van de {1} locaties die om hun voorraad gevraagd zijn, antwoordden niet op tijd.",
    ),
    "unknown_range": (
        "For what is scarce, unknown stock stands for {0} to {1} of norm use.",
        "Bij wat schaars is, staat onbekende voorraad voor {0} tot {1} van het normverbruik.",
    ),
    "share_line": (
        "What is scarce goes to {0} sites, {1} pieces in whole packs, after the region's check.",
        "Wat schaars is gaat naar {0} locaties, {1} stuks in hele verpakkingen, na toetsing door de regio.",
    ),
    "drift_line": ("Cure and care drift apart for: {0}.", "Cure en care lopen uiteen bij: {0}."),
    "no_drift_line": ("Cure and care do not drift apart.", "Cure en care lopen niet uiteen."),
    "buy_line": (
        "To buy, net of what is on its way: {0} at base, {1} at maximum.",
        "Te kopen, na wat onderweg is: {0} bij basis, {1} bij maximaal.",
    ),
    "unpriced_line": (
        "Needs to buy without a known price, not in that sum: {0}.",
        "Te kopen behoeften zonder bekende prijs, niet in die som: {0}.",
    ),
    "alarm_line": (
        "ALARM, short or listed and no action runs: {0}.",
        "ALARM, tekort of gelijst en er loopt geen actie: {0}.",
    ),
    "run_line": ("Run {0}: as known at {1}, seed {2}, in {3}", "Berekening {0}: zoals bekend op {1}, seed {2}, in {3}"),
    "identical": (
        "Identical: {0} files, byte for byte.",
        "Gelijk: {0} bestanden, byte voor byte.",
    ),
    "digest_differs": (
        "The dataset has changed since. What was known at {0} may still be the same.",
        "De gegevens zijn sindsdien veranderd. Wat op {0} bekend was, kan nog hetzelfde zijn.",
    ),
    "differs": ("The replay differs in {0} of {1} files:", "Het overdoen verschilt in {0} van {1} bestanden:"),
    "versions": ("Made with {0}; here is {1}.", "Gemaakt met {0}; hier is {1}."),
    "only_kept": ("not made again", "niet opnieuw gemaakt"),
    "only_made": ("not in the run", "niet in de berekening"),
    "rows_differ": ("{0} rows, now {1}", "{0} rijen, nu {1}"),
    "columns_differ": ("values in {0}", "waarden in {0}"),
    "bytes_differ": ("the same rows in other bytes", "dezelfde rijen in andere bytes"),
    # Headings and words in tables.
    "severity": ("severity", "ernst"),
    "code": ("code", "code"),
    "where": ("file", "bestand"),
    "row": ("row", "rij"),
    "column": ("column", "kolom"),
    "found": ("found", "gevonden"),
    "wanted": ("wanted", "gewenst"),
    "rows": ("rows", "rijen"),
    "table": ("table", "tabel"),
    "error": ("error", "fout"),
    "warning": ("warning", "waarschuwing"),
    "note": ("note", "opmerking"),
    "need": ("need", "behoefte"),
    "regime": ("regime", "regime"),
    "direct": ("direct", "direct"),
    "early_warning": ("early warning", "vroege waarschuwing"),
    "scarce": ("scarce", "schaars"),
    "verdict": ("by verdict", "naar oordeel"),
    "cover_days": ("cover, days", "dekking, dagen"),
    "p_out_2w": ("out in 2 weeks", "op binnen 2 weken"),
    "unknown_share": ("stock unknown", "voorraad onbekend"),
    "reach": ("how far", "hoe ver"),
    "reach_all": ("in full", "geheel"),
    "reach_part": ("in part", "deels"),
    "reach_floor": ("the floor", "de bodem"),
    "reach_part_of_floor": ("part of the floor", "deel van de bodem"),
    "reach_nothing": ("nothing", "niets"),
    "level_days": ("shared to, days", "gedeeld tot, dagen"),
    "met_cure": ("met in cure", "vervuld cure"),
    "met_care": ("met in care", "vervuld care"),
    "net_base": ("buy at base", "koop bij basis"),
    "net_max": ("buy at max", "koop bij max"),
    "file": ("file", "bestand"),
    "indicator": ("indicator", "indicator"),
    "last_day": ("last day", "laatste dag"),
    "value": ("value", "waarde"),
    "growth": ("growth a week", "groei per week"),
    "missing_days": ("days missing", "dagen ontbreken"),
    "low": ("low", "laag"),
    "base": ("base", "basis"),
    "max": ("max", "max"),
    "tier": ("tier", "rang"),
    "fence": ("fence", "hek"),
    "product": ("product", "product"),
    "all": ("all", "alle"),
    "supply": ("to divide", "te verdelen"),
    "awarded": ("awarded", "toegekend"),
    "claims": ("claims", "claims"),
    "site": ("site", "locatie"),
    "risk_class": ("class", "klasse"),
    "holder": ("of whose goods", "van wiens goederen"),
    "warehouse": ("warehouses", "magazijnen"),
    "regional_hub": ("regional hub", "regionaal depot"),
    "region": ("region", "regio"),
    "dealt": ("dealt again", "opnieuw verdeeld"),
    "by_region": ("by the region", "door de regio"),
    "packs_before": ("packs before", "dozen eerst"),
    "packs_after": ("packs now", "dozen nu"),
    "cover_before": ("days before", "dagen eerst"),
    "cover_after": ("days now", "dagen nu"),
    "why": ("why", "waarom"),
    "unmet": ("unmet need", "niet vervuld"),
    "group_days": ("the group, days", "de groep, dagen"),
    "others_days": ("the others, days", "de anderen, dagen"),
    "missing": ("pieces short", "stuks tekort"),
    "missing_together": ("short of all promises", "tekort op alle beloften"),
    "difference": ("difference", "verschil"),
}


def say(key: str, lang: str, *gaps: object) -> str:
    """A sentence or word in a language, its gaps filled."""
    english, dutch = WORDS[key]
    return (dutch if lang == "nl" else english).format(*gaps)


# Numbers as people write them; a missing one is a dash, never a zero.


def whole(value: int | float | None, lang: str) -> str:
    """A whole number with thousands apart."""
    return "–" if value is None else f"{value:,.0f}".replace(",", "." if lang == "nl" else ",")


def decimal(value: float | None, lang: str) -> str:
    """One decimal."""
    return "–" if value is None else swap(f"{value:,.1f}", lang)


def percent(value: float | None, lang: str) -> str:
    """A share as whole percents."""
    return "–" if value is None else f"{whole(value * 100, lang)}%"


def euros(cents: int, lang: str) -> str:
    """Money in millions of euros, from integer cents."""
    return f"€ {swap(f'{cents / 1e8:,.1f}', lang)} {'miljoen' if lang == 'nl' else 'million'}"


def swap(text: str, lang: str) -> str:
    """Point and comma as the language has them."""
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def moment(at: dt.datetime, lang: str) -> str:
    """A moment in UTC, for a person."""
    return f"{at.day} {MONTHS[lang][at.month - 1]} {at.year}, {at:%H:%M} UTC"


# To the screen. What is asked for goes to stdout; what tells of the work goes to stderr.


def console(*, stderr: bool = False) -> Console:
    """Where people read; without a window it is wide, so that nothing is cut off in a file or a pipe."""
    found = Console(stderr=stderr, highlight=False, soft_wrap=True)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, soft_wrap=True, width=WIDE)


def tell(text: str) -> None:
    """A line on stderr."""
    console(stderr=True).print(text, markup=False)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Shows on stderr what is being done, for as long as it lasts; silent when that is no terminal."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield
        return
    with screen.status(text):
        yield


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), whole_words: int = 1
) -> Table:
    """A table of texts; the columns named in ``right`` are numbers. These and the first ``whole_words`` columns are
    never broken.
    """
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for i, heading in enumerate(headings):
        if i in right:  # a heading may be broken, a number never
            grid.add_column(heading, justify="right", min_width=max((len(row[i]) for row in rows), default=0))
        else:
            grid.add_column(heading, overflow="fold", no_wrap=i < whole_words)
    for row in rows:
        grid.add_row(*(cell.replace("[", r"\[") for cell in row))
    return grid


def findings_table(findings: pl.DataFrame, lang: str, width: int | None = None) -> Table:
    """All findings, errors first: where, what was found, what was wanted. In a narrow window each is a sentence."""
    found = worst_first(findings)
    if (console().width if width is None else width) < NARROW:
        rows = [
            [f"{say(row['severity'], lang)} {row['code']}", sentence(row, lang)] for row in found.iter_rows(named=True)
        ]
        return table([say("severity", lang), say("found", lang)], rows)
    headings = [say(key, lang) for key in ("severity", "code", "where", "row", "column", "found", "wanted", "rows")]
    rows = [
        [
            say(row["severity"], lang),
            row["code"],
            row["file"] or row["table"],
            "" if row["row"] is None else str(row["row"]),
            row["column"] or "",
            row["found"] or "",
            row[f"wanted_{lang}"],
            whole(row["rows"], lang),
        ]
        for row in found.iter_rows(named=True)
    ]
    return table(headings, rows, right=(3, 7))


def sentence(row: Mapping[str, Any], lang: str) -> str:
    """One finding in words: where, what was found, what was wanted, for how many rows."""
    where = [row["file"] or row["table"]]
    where += [f"{say(key, lang)} {row[key]}" for key in ("row", "column") if row[key] is not None]
    what = [
        f"{say(key, lang)}: {text}"
        for key, text in (("found", row["found"]), ("wanted", row[f"wanted_{lang}"]))
        if text
    ]
    many = f" ({whole(row['rows'], lang)} {say('rows', lang)})" if row["rows"] > 1 else ""
    return f"{', '.join(where)}: {'; '.join(what)}{many}"


def counts(findings: pl.DataFrame, lang: str) -> str:
    """How many findings of each severity there are."""
    if findings.is_empty():
        return say("no_findings", lang)
    of = dict(findings.group_by("severity").len().rows())
    return say("findings", lang, *(of.get(key, 0) for key in ("error", "warning", "note")))


def picture_table(needs: pl.DataFrame, lang: str) -> Table:
    """What is short and what nobody knows, a row per need."""
    rows = [
        [
            row[f"name_{lang}"] or row["need"],
            say(row["effective"], lang)
            + (f", {say('verdict', lang)}" if row["by_verdict"] else "")
            + (" !" if row["alarm"] else ""),
            decimal(row["cover_days"], lang),
            percent(row["p_out_2w"], lang),
            percent(row["unknown_share"], lang),
        ]
        for row in needs.iter_rows(named=True)
    ]
    return table(
        [say(key, lang) for key in ("need", "regime", "cover_days", "p_out_2w", "unknown_share")],
        rows,
        right=(2, 3, 4),
        whole_words=2,
    )


def action_table(needs: pl.DataFrame, lang: str) -> Table:
    """Up to which cover each need is shared, how far need was met, and what to buy, a row per need."""
    rows = [
        [
            row[f"name_{lang}"] or row["need"],
            shared_to(row, lang),
            percent(row["met_cure"], lang),
            percent(row["met_care"], lang),
            whole(row["net_base"], lang),
            whole(row["net_max"], lang),
        ]
        for row in needs.iter_rows(named=True)
    ]
    headings = [say(key, lang) for key in ("need", "level_days", "met_cure", "met_care", "net_base", "net_max")]
    return table(headings, rows, right=range(1, 6))


def shared_to(row: Mapping[str, Any], lang: str) -> str:
    """How far what there is goes: every claim met, else the published levels from the lowest to the highest."""
    if row["in_full"] is None:
        return "–"
    if row["in_full"]:
        return say("reach_all", lang)
    if row["level_least"] is None:
        return say("reach_nothing" if row["nothing"] else "reach_floor", lang)
    least, most = (
        decimal(0.0 if row["nothing"] and key == "level_least" else row[key], lang)
        for key in ("level_least", "level_most")
    )
    return least if least == most else f"{least}–{most}"


def summary_lines(what: Summary, lang: str) -> list[str]:
    """The summary of a plan in sentences."""
    needs = what.need
    number = dict(needs.group_by("effective").len().rows())
    scarce = needs.filter(pl.col("effective") == "scarce")
    lines = [
        say(
            "scarce_line",
            lang,
            number.get("scarce", 0),
            needs.height,
            number.get("early_warning", 0),
            number.get("direct", 0),
        ),
        say("unknown_line", lang, whole(what.silent, lang), whole(what.asked, lang)),
    ]
    if scarce["unknown_share"].count():
        least, most = scarce["unknown_share"].min(), scarce["unknown_share"].max()
        lines.append(say("unknown_range", lang, percent(least, lang), percent(most, lang)))  # type: ignore[arg-type]
    if what.served:
        lines.append(say("share_line", lang, whole(what.served, lang), whole(what.awarded, lang)))
    apart = names(needs.filter("drifts"), lang)
    lines.append(say("drift_line", lang, apart) if apart else say("no_drift_line", lang))
    lines.append(say("buy_line", lang, euros(what.base_cents, lang), euros(what.max_cents, lang)))
    if what.unpriced:
        lines.append(say("unpriced_line", lang, what.unpriced))
    if alarms := names(needs.filter("alarm"), lang):
        lines.append(say("alarm_line", lang, alarms))
    return lines


def names(needs: pl.DataFrame, lang: str) -> str:
    """Names of needs in a row."""
    return ", ".join(needs.select(pl.coalesce(f"name_{lang}", "need")).to_series())


def indicators_table(seen: pl.DataFrame, lang: str) -> Table:
    """The indicators behind a forecast, with the last value of each and its day."""
    headings = [say(key, lang) for key in ("indicator", "last_day", "value", "growth", "missing_days")]
    rows = [
        [
            row["indicator"],
            "–" if row["day"] is None else f"{row['day']}",
            decimal(row["value"], lang),
            decimal(row["growth"], lang),
            whole(row["missing_days"], lang),
        ]
        for row in seen.filter(pl.col("region") == ALL).sort("indicator").iter_rows(named=True)
    ]
    return table(headings, rows, right=(2, 3, 4))


def demand_table(nation: pl.DataFrame, needs: pl.DataFrame, lang: str) -> Table:
    """What the country needs next week and three weeks on: per need, in pieces a week."""
    weeks = nation["week"].unique().sort()
    first, last = weeks[0], weeks[min(3, len(weeks) - 1)]
    shown = [(first, "base", 0.5), (last, "low", 0.5), (last, "base", 0.5), (last, "max", 0.5), (last, "base", 0.9)]
    rows = [
        [name, *(whole(pieces(nation.filter(pl.col("need") == need), *cell), lang) for cell in shown)]
        for need, name in named(nation["need"].unique(), needs, lang).items()
    ]
    headings = [f"{say(curve, lang)} {level:.0%}, {week}" for week, curve, level in shown]
    return table([say("need", lang), *headings], rows, right=range(1, 6))


def named(codes: pl.Series, needs: pl.DataFrame, lang: str) -> dict[str, str]:
    """Names of needs by their code, in the order of the names."""
    found = needs.filter(pl.col("need").is_in(codes.implode())).unique("need", keep="last").sort(f"name_{lang}")
    return dict(found.select("need", f"name_{lang}").rows())


def pieces(rows: pl.DataFrame, week: dt.date, curve: str, level: float) -> float | None:
    """One quantile of one curve in one week; none where there is none."""
    found = rows.filter(
        (pl.col("curve") == curve) & (pl.col("week") == week) & ((pl.col("quantile_level") - level).abs() < 1e-9)
    )
    return found["pieces"].item() if found.height == 1 else None


def levels_table(levels: pl.DataFrame, needs: pl.DataFrame, lang: str) -> Table:
    """The published levels, and what was divided."""
    whose = ("need", "tier", "holder", "region", "fence", "product")
    headings = [say(key, lang) for key in (*whose, "supply", "awarded", "level_days", "reach", "claims")]
    name = named(levels["need"], needs, lang)
    rows = [
        [
            name.get(row["need"], row["need"]),
            whole(row["tier"], lang),
            say(row["holder"], lang),
            *(say("all", lang) if row[column] == ALL else row[column] for column in ("region", "fence")),
            row["product"],
            whole(row["supply_pieces"], lang),
            whole(row["awarded_pieces"], lang),
            decimal(row["level_days"], lang),
            say(f"reach_{row['reach']}", lang),
            whole(row["claims"], lang),
        ]
        for row in levels.sort(whose).iter_rows(named=True)
    ]
    return table(headings, rows, right=(1, 6, 7, 8, 10))


def differences_table(found: Sequence[Difference], lang: str) -> Table:
    """What a replay made otherwise, a row per file."""
    return table(
        [say("file", lang), say("difference", lang)], [[one.file, said_difference(one, lang)] for one in found]
    )


def said_difference(one: Difference, lang: str) -> str:
    """One difference in words."""
    if one.made_rows is None:
        return say("only_kept", lang)
    if one.kept_rows is None:
        return say("only_made", lang)
    if one.kept_rows != one.made_rows:
        return say("rows_differ", lang, whole(one.kept_rows, lang), whole(one.made_rows, lang))
    return say("columns_differ", lang, ", ".join(one.columns)) if one.columns else say("bytes_differ", lang)


def replay_parts(said: Mapping[str, Any], found: Sequence[Difference], lang: str) -> list[Any]:
    """What a replay made otherwise, and which versions differ."""
    here, made_with = versions() | {"dijk": __version__}, said["made_with"] | {"dijk": said["dijk"]}
    moved = [name for name in sorted(here) if here[name] != made_with.get(name)]
    return [
        say("differs", lang, len(found), len(said["files"])),
        differences_table(found, lang),
        *(say("versions", lang, f"{name} {made_with.get(name)}", here[name]) for name in moved),
    ]
