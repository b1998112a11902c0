"""An independent auditor's recalculation: what a plan says of some needs, worked out again from the raw CSV files.

Plain Python on text, whole numbers and fractions. It follows the documents, above all
``docs/reference/allocation-formulas.md``, and shares no line, no table and no library with dijk: a figure that is the same in
both was found in two ways. It is slow and short on purpose.

Not worked out here, and refused or taken as given where it turns up: an article that serves two needs, several fences on
one need, reserves, a band on the level, packs that a region moved by hand, and all that rests on the forecast.
"""

import csv
import datetime as dt
import hashlib
import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from itertools import product as combinations
from pathlib import Path
from typing import Any

Row = dict[str, str]
Cells = dict[str, Any]
MICRO = 10**6
ALL = "all"
NEVER = dt.date.max

KEYS = {
    "acceptance": ("product", "need", "valid_from"),
    "activity": ("site", "driver", "risk_class", "day"),
    "asked": ("site", "topic", "day"),
    "delivery": ("delivery",),
    "fence": ("fence", "need", "valid_from"),
    "inbound": ("order", "line"),
    "norm": ("need", "sector", "risk_class", "driver", "reuse_stage", "valid_from"),
    "past_award": ("known_at", "site", "need", "risk_class", "holder", "product"),
    "policy_rule": ("rule", "need", "sector", "region", "valid_from"),
    "product": ("product",),
    "request": ("request",),
    "risk_class": ("risk_class",),
    "scope": ("need", "valid_from"),
    "sector": ("sector",),
    "site": ("site",),
    "stock": ("site", "product", "lot", "status", "day"),
}


# What is known, and what holds.


def day_of(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def last_day(text: str) -> dt.date:
    return day_of(text) if text else NEVER


def known(rows: Iterable[Row], key: tuple[str, ...]) -> list[Row]:
    """Of each key the row known last, without what was retracted."""
    last: dict[tuple[str, ...], Row] = {}
    for row in rows:
        code = tuple(row[name] for name in key)
        if code not in last or last[code]["known_at"] <= row["known_at"]:
            last[code] = row
    return [row for row in last.values() if row.get("reason") != "retracted"]


def in_force(rows: Iterable[Row], key: tuple[str, ...], day: dt.date) -> list[Row]:
    """Of each judgement the row that holds on a day: begun, not ended, the latest begun."""
    last: dict[tuple[str, ...], Row] = {}
    for row in rows:
        code = tuple(row[name] for name in key if name != "valid_from")
        holds = day_of(row["valid_from"]) <= day <= last_day(row["valid_to"])
        if holds and (code not in last or last[code]["valid_from"] < row["valid_from"]):
            last[code] = row
    return list(last.values())


@dataclass
class Country:
    """The raw files as known at a moment, as far as they speak of some needs."""

    as_of: str
    needs: tuple[str, ...]
    tables: dict[str, list[Row]]
    told: list[Row]
    """Every row of stock known at the moment, the replaced ones too."""
    registered: list[Row]
    """Every row of sites known at the moment, the replaced ones too."""
    rules: dict[tuple[str, ...], Row] = field(default_factory=dict)
    site: dict[str, Row] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return day_of(self.as_of)

    def rule(self, name: str, need: str = ALL, sector: str = ALL, region: str = ALL, *, column: str = "value") -> Any:
        """The most specific row: region before sector before need before all."""
        for r, s, n in combinations((region, ALL), (sector, ALL), (need, ALL)):
            if (name, n, s, r) in self.rules:
                row = self.rules[name, n, s, r]
                return Fraction(row[column]) if column == "value" else row[column]
        raise KeyError(name)

    def rule_at(self, name: str, site: str, need: str) -> Fraction:
        place = self.site[site]
        return Fraction(self.rule(name, need, place["sector"] or ALL, place["region"]))

    def nationally(self) -> "Country":
        """The same without the rules that regions set for themselves."""
        return replace(self, rules={key: row for key, row in self.rules.items() if key[3] == ALL})


def read(folder: Path, as_of: str, needs: tuple[str, ...]) -> Country:
    """The files of a folder, as known at a moment (``2020-04-27T08:00:00Z``)."""
    with_need = _rows(folder, "acceptance", as_of, lambda row: row["need"] in needs)
    articles = {row["product"] for row in with_need}
    keep: dict[str, Callable[[Row], bool]] = {
        name: lambda row: row["need"] in needs for name in KEYS if name in BY_NEED
    }
    keep |= {name: lambda row: row["product"] in articles for name in ("stock", "inbound", "acceptance")}
    raw = {name: _rows(folder, name, as_of, keep.get(name)) for name in KEYS}
    tables = {name: known(rows, KEYS[name]) for name, rows in raw.items()}
    country = Country(as_of, needs, tables, raw["stock"], raw["site"])
    country.site = {row["site"]: row for row in tables["site"]}
    held = in_force(tables["policy_rule"], KEYS["policy_rule"], country.today)
    country.rules = {(row["rule"], row["need"], row["sector"], row["region"]): row for row in held}
    return country


BY_NEED = ("delivery", "norm", "past_award", "request", "scope")


def _rows(folder: Path, table: str, as_of: str, keep: Callable[[Row], bool] | None = None) -> list[Row]:
    if table == "past_award" and not (folder / "past_award.csv").exists():
        return []
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["known_at"] <= as_of and (keep is None or keep(row))]


def accepted(country: Country) -> dict[str, list[tuple[int, str]]]:
    """The articles that each need accepts today, the most liked first."""
    liked = defaultdict(list)
    for row in in_force(country.tables["acceptance"], KEYS["acceptance"], country.today):
        liked[row["need"]].append((int(row["preference"]), row["product"]))
    articles = [product for rows in liked.values() for _, product in rows]
    if len(articles) != len(set(articles)):
        raise NotImplementedError("an article serves two needs")
    return {need: sorted(rows) for need, rows in liked.items()}


def need_of(country: Country) -> dict[str, str]:
    """The need that each article serves today."""
    return {product: need for need, rows in accepted(country).items() for _, product in rows}


def listed(country: Country) -> set[str]:
    scope = in_force(country.tables["scope"], KEYS["scope"], country.today)
    return {row["need"] for row in scope if row["state"] == "listed"}


# Norm use.


def micro(number: Fraction) -> int:
    """Millionths, to the nearest; a half to the even one."""
    return round(number * MICRO)


def up(pieces: Fraction) -> int:
    return math.ceil(pieces)


Weight = dict[tuple[str, str, str], tuple[int, int, int]]
"""Norm use in millionths a day, low, mid and high, per site, need and risk class."""


Series = tuple[str, str, str]
"""Site, driver and risk class."""


def norm_use(country: Country) -> tuple[Weight, Weight]:
    """By the activity that counts, and, where a site never told any, by its size."""
    return norm_use_of(country, _activity(country))


def norm_use_of(country: Country, activity: dict[Series, Fraction]) -> tuple[Weight, Weight]:
    counted: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    norms = _norms(country)
    for (site, driver, risk), units in activity.items():
        for need, limits in norms.get((country.site[site]["sector"], driver, risk), []):
            for i, limit in enumerate(limits):
                counted[site, need, risk][i] += micro(limit * units)
    both: Weight = {key: (low, mid, high) for key, (low, mid, high) in counted.items()}
    sized = _by_size(country, both)
    return tuple({key: w for key, w in part.items() if w[2] > 0} for part in (both, sized))  # type: ignore[return-value]


def _norms(country: Country) -> dict[tuple[str, str, str], list[tuple[str, list[Fraction]]]]:
    """Norms of the stage in force, times coverage, by sector, driver and risk class."""
    norms = defaultdict(list)
    for row in in_force(country.tables["norm"], KEYS["norm"], country.today):
        if row["reuse_stage"] == country.rule("reuse_stage", row["need"], row["sector"], column="word"):
            limits = [Fraction(row[name]) * Fraction(row["coverage"]) for name in ("low", "mid", "high")]
            norms[row["sector"], row["driver"], row["risk_class"]].append((row["need"], limits))
    return norms


@dataclass
class Telling:
    """What a site told of one driver: now, of its past, and whether another saw it."""

    on: dt.date
    told: Fraction
    checked: bool
    past: list[Fraction]
    past_on: dt.date


def quantile(values: Iterable[Fraction], share: Fraction, side: Callable[[Fraction], int]) -> Fraction | None:
    """The value at a share of the way up, of two the lower (``math.floor``) or the higher (``math.ceil``)."""
    ranked = sorted(values)
    return ranked[side(share * (len(ranked) - 1))] if ranked else None


def _median(values: list[Fraction]) -> Fraction:
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(values) % 2 else (ranked[half - 1] + ranked[half]) / 2


def open_sites(country: Country) -> dict[str, Row]:
    """Sites with a sector that are not closed, with the size that counts: where only the applicant vouches for it at
    most what others last confirmed of it, else the median of the confirmed.
    """
    confirmed: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for row in country.site.values():
        if row["size"] and row["size_confirmed_by"] not in ("", "applicant"):
            confirmed[row["sector"], row["size_unit"]].append(Fraction(row["size"]))
    before: dict[tuple[str, str], Fraction] = {}
    for row in sorted(country.registered, key=lambda row: row["known_at"]):
        if row["size"] and row["size_confirmed_by"] in ("register", "region"):
            before[row["site"], row["size_unit"]] = Fraction(row["size"])
    middle = {kind: _median(sizes) for kind, sizes in confirmed.items()}
    found, again = {}, registered_again(country)
    for code, row in country.site.items():
        if code in again or not row["sector"] or not is_open(country, row):
            continue
        last = before.get((code, row["size_unit"]))
        most = middle.get((row["sector"], row["size_unit"])) if last is None else last
        if row["size"] and row["size_confirmed_by"] == "applicant" and most is not None:
            row = row | {"size": str(min(int(row["size"]), int(most)))}
        found[code] = row
    return found


def is_open(country: Country, row: Row) -> bool:
    return last_day(row.get("closed_on", "")) >= country.today


def registered_again(country: Country) -> dict[str, str]:
    """Sites that count as another: on their own word beside a confirmed one, or with the activity of another."""
    return _same_activity(country) | _beside_a_confirmed_one(country)


def _beside_a_confirmed_one(country: Country) -> dict[str, str]:
    """Open sites on the applicant's word with an open confirmed one of the same organisation, kind, sector, region."""
    first: dict[tuple[str, ...], str] = {}
    group = ("organisation", "kind", "sector", "region")
    known = [row for row in country.site.values() if row["sector"] and is_open(country, row)]
    for row in sorted(known, key=lambda row: row["site"], reverse=True):
        if row["size_confirmed_by"] in ("register", "region"):
            first[tuple(row[name] for name in group)] = row["site"]
    sure = {row["site"] for row in country.registered if row["size_confirmed_by"] in ("register", "region")}
    own = [row for row in known if row["size_confirmed_by"] == "applicant" and row["site"] not in sure]
    places = {row["site"]: tuple(row[name] for name in group) for row in own}
    return {site: first[where] for site, where in places.items() if where in first}


def _same_activity(country: Country) -> dict[str, str]:
    """Unconfirmed sites with five weeks of activity the same as another of their sector has."""
    series: dict[str, set[tuple[str, str, str, Fraction]]] = defaultdict(set)
    for row in country.tables["activity"]:
        if row["units"] and country.today - dt.timedelta(days=35) <= day_of(row["day"]) <= country.today:
            series[row["site"]].add((row["driver"], row["risk_class"], row["day"], Fraction(row["units"])))
    alike: dict[tuple[str, frozenset[Any]], list[tuple[bool, str, str]]] = defaultdict(list)
    for code, rows in series.items():
        place = country.site[code]
        if place["sector"] and len(rows) >= 3 and len({units for *_, units in rows}) > 1:
            unsure = place["size_confirmed_by"] not in ("register", "region")
            alike[place["sector"], frozenset(rows)].append((unsure, place.get("known_at", ""), code))
    ranked = [sorted(group) for group in alike.values() if len(group) > 1]
    return {code: group[0][2] for group in ranked for unsure, _, code in group[1:] if unsure}


def _tellings(country: Country) -> dict[Series, Telling]:
    rows: dict[Series, dict[dt.date, Row]] = defaultdict(dict)
    for row in country.tables["activity"]:
        if row["units"] and day_of(row["day"]) <= country.today:
            rows[row["site"], row["driver"], row["risk_class"]][day_of(row["day"])] = row
    found = {}
    for key, by_day in rows.items():
        on = max(by_day)
        now = [d for d in by_day if d > country.today - dt.timedelta(days=7) or d == on]
        past = [d for d in sorted(by_day) if d not in now and d > on - dt.timedelta(days=35)]
        told = sum((Fraction(micro(Fraction(by_day[d]["units"])), MICRO) for d in now), Fraction()) / len(now)
        checked = all(by_day[d]["checked_by"] for d in now)
        values = [Fraction(by_day[d]["units"]) for d in past]
        found[key] = Telling(on, told, checked, values, max(past, default=dt.date.min))
    return found


def _base(telling: Telling) -> Fraction | None:
    return quantile(telling.past, Fraction(1, 2), math.floor)


def _activity(country: Country) -> dict[Series, Fraction]:
    """Units a day that count: as told, as far as the site's own past, its peers or a check bear them out."""
    told, sites, week = _tellings(country), open_sites(country), country.today - dt.timedelta(days=7)
    ratios: dict[tuple[str, str, str], list[Fraction]] = defaultdict(list)
    amounts: dict[tuple[str, str, str], list[Fraction]] = defaultdict(list)
    rates: dict[tuple[str, ...], list[Fraction]] = defaultdict(list)
    for (site, driver, risk), one in told.items():
        if one.on <= week:
            continue
        if (base := _base(one)) and country.site[site]["sector"]:
            ratios[country.site[site]["sector"], driver, risk].append(one.told / base)
        if one.told > 0 and country.site[site]["size_confirmed_by"] in ("register", "region"):
            amounts[country.site[site]["sector"], driver, risk].append(one.told)
        if site in sites and int(sites[site]["size"] or 0) > 0:
            kind = sites[site]["sector"], sites[site]["size_unit"], driver, risk
            rates[kind].append(one.told / int(sites[site]["size"]))
    trend = {key: _median(moved) for key, moved in ratios.items() if len(moved) >= 5}
    usual = {key: quantile(of, Fraction(1, 2), math.floor) for key, of in amounts.items() if len(of) >= 5}
    peers = {kind: _peers(rates_of) for kind, rates_of in rates.items()}
    units = {}
    for (site, driver, risk), one in told.items():
        if site in sites:
            row = sites[site]
            key, size = (row["sector"], driver, risk), int(row["size"] or 0)
            most = None if row["size"] or one.checked else usual.get(key)
            one = one if most is None else replace(one, told=min(one.told, most))
            like = peers.get((row["sector"], row["size_unit"], driver, risk), NOBODY) if row["size"] else NOBODY
            units[site, driver, risk] = _counts(country, one, trend.get(key, Fraction(1)), like, size)
    return units


@dataclass(frozen=True)
class Peers:
    """What sites of one kind tell of one driver, per unit of their size; none where nobody tells."""

    quiet: Fraction | None = None
    typical: Fraction | None = None
    busy: Fraction | None = None


NOBODY = Peers()


def _peers(rates: list[Fraction]) -> Peers:
    """Quiet among all, typical and busy among those that have any of it."""
    some = [rate for rate in rates if rate > 0]
    typical, busy = quantile(some, Fraction(1, 2), math.floor), quantile(some, Fraction(3, 4), math.ceil)
    return Peers(quantile(rates, Fraction(1, 4), math.floor), typical, busy)


def _counts(country: Country, one: Telling, trend: Fraction, peers: Peers, size: int) -> Fraction:
    margin, base = country.rule("activity_margin"), _base(one)
    like_peers = [peers.typical * size] if peers.typical is not None else []
    rises = (
        base is not None
        and max(one.past) <= base * margin
        and (one.on - one.past_on).days < 14
        and one.told > base * trend * margin
    )
    first = rises and (country.today - one.on).days < 7
    factor = max(country.rule("activity_jump"), margin) if first else margin
    borne_out = [factor * trend * base] if base is not None else like_peers
    borne_out += [min([one.past[-1], *like_peers])] if base == 0 else []
    most = ([max(borne_out)] if borne_out else []) + ([peers.busy * size * factor] if peers.busy is not None else [])
    held = one.told if one.checked or not most else min(one.told, *most)
    faded = min(max(Fraction((country.today - one.on).days - 7, 14), Fraction()), Fraction(1))
    return held * (1 - faded) + min(held, (peers.quiet or Fraction()) * size) * faded


def no_answer(country: Country) -> dict[str, dt.date]:
    """Sites that were asked for their activity, are past the due day, and told nothing since; the day of asking."""
    asked: dict[str, dt.date] = {}
    for row in country.tables["asked"]:
        if row["topic"] == "activity" and day_of(row["due"]) < country.today:
            asked[row["site"]] = max(day_of(row["day"]), asked.get(row["site"], dt.date.min))
    told: dict[str, dt.date] = {}
    for row in country.tables["activity"]:
        if row["units"]:
            told[row["site"]] = max(day_of(row["day"]), told.get(row["site"], dt.date.min))
    return {site: day for site, day in asked.items() if told.get(site, dt.date.min) < day}


def _by_size(country: Country, counted: Weight) -> Weight:
    """Sites that told no activity at all: norm use per bed, client or member of staff as a quiet peer has it."""
    active = {row["site"] for row in country.tables["activity"] if row["units"]}
    sites = {code: row for code, row in open_sites(country).items() if int(row["size"] or 0) > 0}
    peers: dict[tuple[str, str], int] = defaultdict(int)
    for code in sites.keys() & active:
        peers[sites[code]["sector"], sites[code]["size_unit"]] += 1
    rates: dict[tuple[str, str, str, str], list[tuple[Fraction, ...]]] = defaultdict(list)
    for (code, need, risk), w in counted.items():
        if code in sites and w[2] > 0:
            row = sites[code]
            each = tuple(Fraction(one, int(row["size"])) for one in w)
            rates[row["sector"], row["size_unit"], need, risk].append(each)
    quiet: dict[tuple[str, str], list[tuple[str, str, list[Fraction]]]] = defaultdict(list)
    for (sector, unit, need, risk), each in rates.items():
        place = (peers[sector, unit] - 1) // 4 - (peers[sector, unit] - len(each))
        if place >= 0:
            quiet[sector, unit].append((need, risk, [sorted(one)[place] for one in zip(*each, strict=True)]))
    found: Weight = {}
    for code in sites.keys() - active:
        row = sites[code]
        for need, risk, limits in quiet[row["sector"], row["size_unit"]]:
            low, mid, high = (round(limit * int(row["size"])) for limit in limits)
            found[code, need, risk] = low, mid, high
    return found


# What a site has.

Cell = tuple[str, str]


@dataclass
class Count:
    """A count of a need at a site on a day."""

    pieces: int
    told_on: str
    checked: bool
    whole: bool = True


@dataclass
class Held:
    """All that is known of the stock of a site: counts by day and article, receipts, norm use in millionths."""

    w: tuple[int, int, int]
    told: dict[dt.date, dict[str, Count]] = field(default_factory=dict)
    most_told: dict[dt.date, dict[str, Count]] = field(default_factory=dict)
    receipts: list[tuple[dt.date, str, int]] = field(default_factory=list)
    turned: list[tuple[dt.date, str, int, bool]] = field(default_factory=list)
    reasons: list[tuple[str, ...]] = field(default_factory=list)


def used(w: int, days: int) -> int:
    return w * days // MICRO


def ledger(counts: dict[dt.date, int], receipts: list[tuple[dt.date, int]], w: int, today: dt.date) -> int:
    """What is there today: the highest of what each count and each receipt after the first count leaves."""
    came = [(day, pieces) for day, pieces in receipts if not counts or day > min(counts)]
    left = [c + sum(p for e, p in came if e > d) - used(w, (today - d).days) for d, c in counts.items()]
    left += [sum(p for e, p in came if e >= d) - used(w, (today - d).days) for d, _ in came]
    return max([0, *left])


def counts_of(by_day: dict[dt.date, dict[str, Count]], held: Held) -> dict[dt.date, Count]:
    """Counts per day. One that leaves out an article of which some must be left is completed, and not whole."""
    articles = {product for told in by_day.values() for product in told} | {p for _, p, _ in _moved(held)}
    counts = {}
    for day, told in by_day.items():
        left = [_left_of(product, by_day, held, day) for product in articles - set(told)]
        counts[day] = Count(
            sum(c.pieces for c in told.values()) + sum(left),
            max(c.told_on for c in told.values()),
            all(c.checked for c in told.values()),
            whole=not any(left),
        )
    return counts


def _left_of(product: str, by_day: dict[dt.date, dict[str, Count]], held: Held, day: dt.date) -> int:
    """The ledger of one article alone, on a day: its last count before, with receipts since, less all norm use."""
    before = {d: told[product].pieces for d, told in by_day.items() if d < day and product in told}
    last = {max(before): before[max(before)]} if before else {}
    return ledger(last, [(d, n) for d, p, n in _moved(held) if p == product and d < day], held.w[1], day)


def _moved(held: Held, *, sure: bool = False) -> list[tuple[dt.date, str, int]]:
    """Receipts, and what turned unusable as goods that left; ``sure``: as far as another than the site saw it."""
    return held.receipts + [(d, p, -n) for d, p, n, checked in held.turned if checked or not sure]


def since(counts: dict[dt.date, Count]) -> dt.date | None:
    """The day from which on counts settle what a site has; none where nothing is settled yet."""
    whole = {day: count for day, count in counts.items() if count.whole}
    checked = max((day for day, count in whole.items() if count.checked), default=None)
    told_on = {day: count.told_on for day, count in whole.items() if checked is None or day >= checked}
    days, tellings = sorted(told_on)[-2:], sorted(set(told_on.values()))[-2:]
    if len(days) < 2 or len(tellings) < 2:
        return checked
    return min(day for day, told in told_on.items() if day >= days[0] or told >= tellings[0])


def relied_on(counts: dict[dt.date, Count], held: Held, today: dt.date) -> int | None:
    """Stock that counts, before silence: what two counts agree on, never less."""
    begin = since(counts)
    receipts = [(day, pieces) for day, _, pieces in _moved(held, sure=True)]
    if not counts and not receipts:
        return None
    from_on = {day: c.pieces for day, c in counts.items() if begin is None or day >= begin}
    by_count = ledger(from_on, receipts, held.w[1], today) if from_on else 0
    return by_count if begin else max(by_count, ledger({}, receipts, held.w[1], today))


def positions(country: Country, weight: Weight) -> list[Cells]:
    """Last accepted count, receipts and norm use per site and need, and the stock that counts."""
    asked: dict[str, dt.date] = {}
    for row in country.tables["asked"]:
        if row["topic"] == "stock" and day_of(row["due"]) < country.today:
            asked[row["site"]] = max(day_of(row["day"]), asked.get(row["site"], dt.date.min))
    silence: dict[Cell, int] = defaultdict(int)
    for (site, need, _), w in weight.items():
        silence[site, need] += up(w[1] * country.rule_at("silent_cover_days", site, need) / MICRO)
    held, hides = _held(country, weight), no_answer(country)
    waits: dict[Cell, int] = defaultdict(int)
    for promise in promises(country):
        waits[promise.site, promise.need] += promise.lacks
    rows = [_position(country, cell, held[cell], asked.get(cell[0]), silence[cell]) for cell in sorted(held)]
    for row, cell in zip(rows, sorted(held), strict=True):
        row["counts_as"] = max(row["counts_as"], silence[cell] if cell[0] in hides else 0)
        _with_assumed(row, hides.get(cell[0]), silence[cell])
        row["promised"] = waits[cell]
        row["counts_as"] += waits[cell]
    return rows


def _with_assumed(row: Cells, hides_since: dt.date | None, silence: int) -> None:
    """What counts beyond the ledger, and why: no answer about stock, about activity, or a count in doubt."""
    silent_since, mid = row.pop("silent_since"), row.pop("ledger")
    if row["counts_as"] != silence:
        silent_since = hides_since = None
    row["assumed"] = row["counts_as"] - mid
    because = "stock" if silent_since else "activity" if hides_since else "count"
    row["assumed_because"] = because if row["assumed"] > 0 else None
    row["assumed_on"] = (silent_since or hides_since or row["counted_on"]) if row["assumed"] > 0 else None


@dataclass
class Promise:
    """What a run awarded a site of an article from a holder, and how many pieces of it have not come."""

    known_at: str
    site: str
    need: str
    product: str
    holder: str
    region: str
    pieces: int
    lacks: int = 0


def promises(country: Country) -> list[Promise]:
    """Awards of the last ``promised_days`` with what each still lacks."""
    days = dt.timedelta(days=int(country.rule("promised_days")))
    awards: dict[tuple[str, ...], Promise] = {}
    for row in country.tables["past_award"]:
        if row["known_at"] < country.as_of and day_of(row["known_at"]) >= country.today - 2 * days:
            key = tuple(row[name] for name in ("known_at", "site", "need", "product", "holder"))
            award = awards.setdefault(key, Promise(*key, row["region"], 0))
            award.pieces += int(row["packs"]) * int(row["pieces_per_pack"])
    came = defaultdict(list)
    for row in country.tables["delivery"]:
        if row["pieces"] and row["channel"] in ("consortium", "region") and day_of(row["day"]) <= country.today:
            came[row["site"], row["need"]].append(row)
    for cell, of_cell in _grouped(awards.values(), lambda award: (award.site, award.need)):
        _answer(country, sorted(of_cell, key=lambda a: (a.known_at, a.product, a.holder)), came[cell], days)
    return [award for award in awards.values() if award.lacks]


def _answer(country: Country, awards: list[Promise], came: list[Row], days: dt.timedelta) -> None:
    """Let what came to a site of a need answer its awards, oldest first."""
    usual = {"region": "regional_hub", "consortium": "warehouse"}
    goods: dict[tuple[str, str], int] = defaultdict(int)
    for row in came:
        if row["day"] >= awards[0].known_at[:10]:
            holder = country.site[row["from_site"]]["kind"] if row["from_site"] else usual[row["channel"]]
            goods[row["product"], holder] += int(row["pieces"])
    whole, answered, alike = sum(goods.values()), 0, []
    for award in awards:
        young = day_of(award.known_at) >= country.today - days
        had, whole = min(whole, award.pieces), max(0, whole - award.pieces)
        same = min(goods[award.product, award.holder], award.pieces)
        goods[award.product, award.holder] -= same
        if young:
            answered += had
            alike.append((award, same))
    for award, same in alike:
        award.lacks = award.pieces - min(same, answered)
        answered -= min(same, answered)
    for award, _ in alike:
        had = min(award.lacks, answered)
        award.lacks, answered = award.lacks - had, answered - had


def _held(country: Country, weight: Weight) -> dict[Cell, Held]:
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (site, need, _), w in weight.items():
        sums[site, need] = [a + b for a, b in zip(sums[site, need], w, strict=True)]
    held = {cell: Held((w[0], w[1], w[2])) for cell, w in sums.items()}
    serves = need_of(country)
    for row in country.tables["stock"]:
        at = held.get((row["site"], serves.get(row["product"], "")))
        if at and day_of(row["day"]) <= country.today and not row["pieces"]:
            at.reasons.append((row["day"], row["product"], row["lot"], row["status"], row["reason"]))
    for cell, rows in _stock_rows(country, country.tables["stock"], serves).items():
        if cell in held:
            held[cell].told, held[cell].turned = _tellings_of_stock(rows, country.today)
    for cell, rows in _stock_rows(country, _most_told(country), serves).items():
        if cell in held:
            held[cell].most_told = _tellings_of_stock(rows, country.today)[0]
    for row in country.tables["delivery"]:
        at = held.get((row["site"], row["need"]))
        giver = held.get((row["from_site"], row["need"]))
        if row["pieces"] and day_of(row["day"]) <= country.today:
            for place, pieces in ((at, int(row["pieces"])), (giver, -int(row["pieces"]))):
                if place:
                    place.receipts.append((day_of(row["day"]), row["product"], pieces))
    return held


def _stock_rows(country: Country, rows: list[Row], serves: dict[str, str]) -> dict[Cell, list[Row]]:
    """Rows with a number up to today, per site and need."""
    found: dict[Cell, list[Row]] = defaultdict(list)
    for row in rows:
        if row["pieces"] and day_of(row["day"]) <= country.today:
            found[row["site"], serves.get(row["product"], "")].append(row)
    return found


def _tellings_of_stock(
    rows: list[Row], today: dt.date
) -> tuple[dict[dt.date, dict[str, Count]], list[tuple[dt.date, str, int, bool]]]:
    """Counts per day and article: approved pieces that may still be used, lots together, 0 where there are none. And
    what was told of nothing but lots that could be used before and no longer can: no count, but goods that went.
    """
    counts: dict[dt.date, dict[str, Count]] = defaultdict(dict)
    turned = []
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        if _usable(row, today):
            lot = row["product"], row["lot"]
            first[lot] = min(row["day"], first.get(lot, row["day"]))
    for (day, product), told in _grouped(rows, lambda row: (day_of(row["day"]), row["product"])):
        own = [row for row in told if _usable(row, today)]
        spoiled = all(first.get((product, row["lot"]), row["day"]) < row["day"] for row in told)
        checked = all(bool(row["checked_by"]) for row in own or told)
        if not own and spoiled:
            turned.append((day, product, sum(int(row["pieces"]) for row in told), checked))
        else:
            told_on = max(row["known_at"][:10] for row in own or told)
            counts[day][product] = Count(sum(int(row["pieces"]) for row in own), told_on, checked)
    return dict(counts), turned


def _usable(row: Row, today: dt.date) -> bool:
    return row["status"] == "approved" and last_day(row["expires_on"]) >= today


def _most_told(country: Country) -> list[Row]:
    """Of each count the most that was ever told; one that another than the site checked stands as it is."""
    key = KEYS["stock"]
    stands = {tuple(row[k] for k in key): row for row in country.tables["stock"]}
    most: dict[tuple[str, ...], Row] = {}
    seen = {code: row for code, row in stands.items() if row["pieces"] and row["checked_by"]}
    for row in country.told:
        code = tuple(row[k] for k in key)
        if row["pieces"] and code not in seen and (code not in most or _size(most[code]) <= _size(row)):
            most[code] = row
    return [*most.values(), *seen.values()]


def _size(row: Row) -> tuple[int, dt.date, str]:
    return int(row["pieces"]), last_day(row["expires_on"]), row["known_at"]


def _position(country: Country, cell: Cell, held: Held, asked_on: dt.date | None, silence: int) -> Cells:
    site, need = cell
    today, counts = country.today, counts_of(held.told, held)
    on = max(counts, default=None)
    begin = {on: counts[on].pieces} if on else {}
    receipts = [(day, pieces) for day, _, pieces in held.receipts]
    moved = [(day, pieces) for day, _, pieces in _moved(held)]
    low, mid, high = (ledger(begin, moved, w, today) for w in held.w)
    turned = [day for day, _, _, _ in held.turned if on is None or day > on]
    answered = max([day for day in (on, *turned) if day], default=None)
    relied = relied_on(counts_of(held.most_told, held), held, today)
    above = (relied or 0) - mid
    margin = (counts[on].pieces if on else 0) * (country.rule_at("count_margin", site, need) - 1)
    doubted = on is not None and above > 0 and above > margin
    silent = asked_on is not None and (answered is None or asked_on > answered)
    stale = on is not None and (today - on).days > country.rule_at("stale_after_days", site, need)
    doubt = relied or 0 if doubted or not on else 0
    return {
        "site": site,
        "need": need,
        "pieces": mid if on else None,
        "least": high if on else 0,
        "most": max(low, doubt) if on else None,
        "counts_as": max(mid, doubt, silence if silent else 0),
        "reason": _reason(held, on, stale=stale, asked=asked_on is not None),
        "counted_pieces": counts[on].pieces if on else None,
        "counted_on": on,
        "doubted": doubted,
        "receipts": sum(pieces for day, pieces in receipts if pieces > 0 and (on is None or day > on)),
        "passed_on": -sum(pieces for day, pieces in receipts if pieces < 0 and (on is None or day > on)),
        "turned": sum(n for day, _, n, _ in held.turned if on is None or day > on),
        "ledger": mid,
        "silent_since": asked_on if silent else None,
        "norm_use": Fraction(held.w[1] * (today - on).days, MICRO) if on else 0,
    }


def _reason(held: Held, on: dt.date | None, *, stale: bool, asked: bool) -> str | None:
    if on:
        return "stale" if stale else None
    if held.reasons:
        return max(held.reasons)[-1]
    return "no_answer" if asked else "not_asked"


# What was asked for.


@dataclass(frozen=True)
class Asked:
    """A request, and what it counts for."""

    request: str
    site: str
    need: str
    day: dt.date
    asked: int
    pieces: int


def requests(country: Country, weight: Weight) -> list[Asked]:
    """Requests up to today without doubles and with the cap for what is beyond belief."""
    w: dict[Cell, int] = defaultdict(int)
    for (site, need, _), (_, mid, _) in weight.items():
        w[site, need] += mid
    rows = [row for row in country.tables["request"] if row["pieces"]]
    double = _doubles(country, rows)
    return [
        Asked(
            row["request"],
            row["site"],
            row["need"],
            day_of(row["day"]),
            int(row["pieces"]),
            0 if row["request"] in double else _believed(country, row, w.get((row["site"], row["need"]))),
        )
        for row in rows
        if day_of(row["day"]) <= country.today
    ]


def _believed(country: Country, row: Row, w: int | None) -> int:
    if row["checked_pieces"]:
        return int(row["checked_pieces"])
    if w is not None:
        cap = w * country.rule_at("cap_days", row["site"], row["need"]) / MICRO
        if int(row["pieces"]) > cap * country.rule_at("absurd_times_norm", row["site"], row["need"]):
            return up(cap)
    return int(row["pieces"])


def _doubles(country: Country, rows: list[Row]) -> set[str]:
    """Said to repeat another, or the same quantity within some days of the one before."""
    codes = {row["request"] for row in country.tables["request"]}
    double = {row["request"] for row in rows if row["repeats"] in codes}
    alike = defaultdict(list)
    for row in rows:
        alike[row["site"], row["need"], row["pieces"]].append((row["day"], row["request"]))
    for (site, need, _), same in alike.items():
        within = country.rule_at("double_within_days", site, need)
        same.sort()
        for (before, _), (day, code) in pairwise(same):
            if (day_of(day) - day_of(before)).days <= within:
                double.add(code)
    return double


def open_requests(country: Country, asked: list[Asked]) -> dict[Cell, tuple[int, dt.date]]:
    """What sites still wait for, and since when."""
    edge = country.today - dt.timedelta(days=int(country.rule("request_open_days")))
    came: dict[str, int] = defaultdict(int)
    for row in country.tables["delivery"]:
        if row["request"] and row["pieces"] and day_of(row["day"]) <= country.today:
            came[row["request"]] += int(row["pieces"])
    waits: dict[Cell, tuple[int, dt.date]] = {}
    on_list = listed(country)
    for one in asked:
        pieces = one.pieces - came[one.request]
        if one.need in on_list and one.day > edge and pieces > 0:
            before, day = waits.get((one.site, one.need), (0, NEVER))
            waits[one.site, one.need] = before + pieces, min(day, one.day)
    return waits


# What there is to share.


Lot = tuple[str, str, str]
"""Site, article and lot."""


def _counted(country: Country) -> dict[Lot, list[Row]]:
    """All counts of the lots of warehouses and hubs up to today."""
    counted: dict[Lot, list[Row]] = defaultdict(list)
    for row in country.tables["stock"]:
        held = country.site[row["site"]]["kind"] in ("warehouse", "regional_hub")
        if held and row["pieces"] and day_of(row["day"]) <= country.today:
            counted[row["site"], row["product"], row["lot"]].append(row)
    return counted


def central_stock(country: Country) -> list[Cells]:
    """Lots of warehouses and hubs by status: the newest count of each lot, less what was sent from it since."""
    counted = _counted(country)
    last = {lot: [row for row in rows if row["day"] == max(r["day"] for r in rows)] for lot, rows in counted.items()}
    sent: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in country.tables["delivery"]:
        lot = row["from_site"], row["product"], row["lot"]
        if row["pieces"] and lot in last and last[lot][0]["day"] < row["day"] <= country.today.isoformat():
            sent[lot] += int(row["pieces"])
    return _by_status(country, [(row, sent[lot]) for lot, rows in last.items() for row in rows])


def _in_the_order_of_use(lot: tuple[Row, int]) -> tuple[dt.date, str, str]:
    row, _ = lot
    return last_day(row["expires_on"]), row["site"], row["lot"]


def _by_status(country: Country, lots: list[tuple[Row, int]]) -> list[Cells]:
    today: dict[str, str] = need_of(country)
    ever: dict[str, str] = {}
    for row in sorted(country.tables["acceptance"], key=lambda row: (int(row["preference"]), row["need"])):
        ever.setdefault(row["product"], row["need"])
    groups: dict[tuple[str, ...], list[tuple[int, str, str]]] = defaultdict(list)
    owed: dict[tuple[str, str, str], int] = defaultdict(int)
    for promise in promises(country):
        owed[promise.holder, promise.region if promise.holder == "regional_hub" else ALL, promise.product] += (
            promise.lacks
        )
    for row, sent in sorted(lots, key=_in_the_order_of_use):
        pieces = max(0, int(row["pieces"]) - (sent if row["status"] == "approved" else 0))
        status = row["status"]
        if status in ("approved", "quarantine") and last_day(row["expires_on"]) < country.today:
            status = "expired"
        elif status == "approved" and row["product"] not in today:
            status = "unaccepted"
        place = country.site[row["site"]]
        holder = place["kind"], place["region"] if place["kind"] == "regional_hub" else ALL, row["product"]
        taken = min(pieces, owed[holder]) if status == "approved" else 0
        owed[holder] -= taken
        for part, is_now in ((pieces - taken, status), (taken, "promised")):
            if part:
                need = today.get(row["product"]) or ever[row["product"]]
                groups[need, row["product"], place["region"], place["kind"], is_now].append(
                    (part, row["lot"], row["day"])
                )
    names = ("need", "product", "region", "holder", "status")
    return [
        dict(zip(names, key, strict=True))
        | {
            "pieces": sum(pieces for pieces, _, _ in lots_of),
            "lots": len({lot for _, lot, _ in lots_of}),
            "oldest_count": day_of(min(day for _, _, day in lots_of)),
        }
        for key, lots_of in groups.items()
    ]


@dataclass(frozen=True)
class Article:
    """An article to divide, for the nation or for the region of a hub; ``counted`` packs count for that region."""

    product: str
    pack: int
    packs: int
    counted: int = 0


def supply(country: Country, central: list[Cells]) -> dict[tuple[str, str], list[Article]]:
    """Whole packs to divide per need and region (all: the warehouses), the most liked article first."""
    pack = {row["product"]: int(row["pieces_per_pack"]) for row in country.tables["product"]}
    pieces: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in central:
        if row["status"] == "approved":
            region = row["region"] if row["holder"] == "regional_hub" else ALL
            pieces[row["need"], region, row["product"]] += row["pieces"]
    waiting = _long_in_quarantine(country)
    goods: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for need, liked in accepted(country).items():
        for region in {region for n, region, _ in pieces.keys() | waiting.keys() if n == need}:
            for _, product in liked:
                there, late = (of.get((need, region, product), 0) for of in (pieces, waiting))
                kept, nationally = (
                    up(there * rules.rule("buffer_share", need, region=region))
                    for rules in (country, country.nationally())
                )
                urgent = up(there * country.rule("urgent_reserve_share", need, region=region)) if region != ALL else 0
                packs = max(0, there - kept - urgent) // pack[product]
                counted = max(packs, (there - nationally + late) // pack[product])
                if packs > 0 or (counted > 0 and region != ALL):
                    goods[need, region].append(Article(product, pack[product], packs, counted))
    return goods


def _long_in_quarantine(country: Country) -> dict[tuple[str, str, str], int]:
    """Pieces at hubs of lots that were first counted in quarantine longer ago than the term, by need, region, article."""
    serves, found = need_of(country), defaultdict(int)
    for (site, product, _), rows in _counted(country).items():
        if country.site[site]["kind"] != "regional_hub" or product not in serves:
            continue
        began = [day_of(r["day"]) for r in rows if r["status"] == "quarantine" and int(r["pieces"]) > 0]
        newest, term = max(r["day"] for r in rows), country.rule("quarantine_days", serves[product])
        for row in rows:
            here = row["day"] == newest and row["status"] == "quarantine" and int(row["pieces"]) > 0
            late = here and (country.today - min(began)).days > term
            if late and last_day(row["expires_on"]) >= country.today:
                found[serves[product], country.site[site]["region"], product] += int(row["pieces"])
    return found


# Claims.


@dataclass
class Claim:
    """A site, a need and a class of treatment risk. Pieces, but ``packs``, ``unfenced`` and ``fenced``."""

    site: str
    need: str
    risk: str
    sector: str
    region: str
    tier: int
    w: int
    s: int
    reason: str | None
    requested: int
    capped: int
    room: int
    floor_room: int
    since: dt.date
    lot: int
    assumed: int = 0
    assumed_because: str | None = None
    assumed_on: dt.date | None = None
    own_room: int | None = None
    own_floor_room: int | None = None
    floor_days: Fraction = Fraction()
    own_floor_days: Fraction = Fraction()
    at_hub: int = 0
    room_at_hub: int = 0
    product: str | None = None
    pack: int = 1
    floor: int = 0
    ceiling: int = 0
    own_floor: int | None = None
    own_ceiling: int | None = None
    level_region: str = ALL
    fence: str = ALL
    packs: int = 0
    unfenced: int = 0
    fenced: int = 0

    @property
    def line(self) -> tuple[Any, ...]:
        """Who goes first at equal cover."""
        return self.since, self.lot, self.tier, self.site, self.need, self.risk

    @property
    def limits(self) -> tuple[int, int]:
        return self.floor, self.ceiling

    @property
    def own_limits(self) -> tuple[int, int]:
        return self.own_floor or 0, self.own_ceiling or 0

    @property
    def rooms(self) -> tuple[int, int]:
        return self.floor_room, self.room


def drawn(seed: int, word: str) -> int:
    return int(hashlib.sha256(f"{seed} {word}".encode()).hexdigest()[:15], 16)


def claims(
    country: Country, weight: Weight, position: list[Cells], waits: dict[Cell, tuple[int, dt.date]], seed: int
) -> list[Claim]:
    """Claims by the national rules, with what the own rules of a region make of them."""
    at = {(row["site"], row["need"]): row for row in position}
    tier = {row["risk_class"]: int(row["tier"]) for row in country.tables["risk_class"]}
    classes: dict[Cell, list[tuple[int, str, int]]] = defaultdict(list)
    for (site, need, risk), (_, mid, _) in weight.items():
        if mid > 0:
            classes[site, need].append((tier[risk], risk, mid))
    own_regions = {key[3] for key in country.rules if key[0] in ("cap_days", "floor_days")} - {ALL}
    made = []
    for cell in sorted(set(classes) & set(waits)):
        ranks = sorted(classes[cell])
        rows = _by_class(country.nationally(), cell, ranks, at[cell], waits[cell], seed)
        if rows[0].region in own_regions:
            for row, own in zip(rows, _by_class(country, cell, ranks, at[cell], waits[cell], seed), strict=True):
                row.own_room, row.own_floor_room, row.own_floor_days = own.room, own.floor_room, own.floor_days
        made += [row for row in rows if row.requested > 0 or (row.own_room or 0) > 0]
    return made


def _by_class(
    country: Country, cell: Cell, ranks: list[tuple[int, str, int]], held: Cells, waits: tuple[int, dt.date], seed: int
) -> list[Claim]:
    """Stock and request fill the classes of a site, highest first; the last takes what is left."""
    site, need = cell
    place = country.site[site]
    cap, floor = (country.rule_at(name, site, need) for name in ("cap_days", "floor_days"))
    lot = (drawn(seed, site) + drawn(seed, need)) % 16**15
    stock, request, made = held["counts_as"], waits[0], []
    known = stock - held["assumed"]
    for i, (tier, risk, w) in enumerate(ranks):
        last = i == len(ranks) - 1
        capped = up(w * cap / MICRO)
        s = stock if last else min(stock, capped)
        room = min(request, max(0, capped - s))
        floor_room = min(room, max(0, up(w * floor / MICRO) - s))
        asked = request if last else room
        who = (site, need, risk, place["sector"], place["region"], tier, w, s, held["reason"])
        assumed = (max(0, s - known), held["assumed_because"], held["assumed_on"])
        made.append(Claim(*who, asked, capped, room, floor_room, waits[1], lot, *assumed, floor_days=floor))
        stock, known, request = max(0, stock - capped), max(0, known - capped), request - room
    return made


def in_packs(rows: list[Claim]) -> None:
    """Room in whole packs, rounded up over the classes of a site together; the floor per class."""
    for _, group in _grouped(rows, lambda c: (c.site, c.need)):
        for own in ("", "own_"):
            so_far = 0
            for claim in sorted(group, key=lambda c: (c.tier, c.risk)):
                room, floor = getattr(claim, f"{own}room"), getattr(claim, f"{own}floor_room")
                if room is not None:
                    ceiling = _whole(so_far + room, claim.pack) - _whole(so_far, claim.pack)
                    so_far += room
                    setattr(claim, f"{own}ceiling", ceiling)
                    setattr(claim, f"{own}floor", min(ceiling, _whole(floor, claim.pack)))


def _whole(pieces: int, pack: int) -> int:
    return -(-pieces // pack) * pack


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> Iterator[tuple[Any, list[Any]]]:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    yield from sorted(groups.items())


# The rule: a ladder, a level, and packs one by one.

Limits = Callable[[Claim], tuple[int, int]]


@dataclass
class Rung:
    """The rung on which a supply ends: each claim with least and most, and whether it is one of floors."""

    of: list[tuple[Claim, int, int]]
    on_floors: bool
    tier: int
    supply: int

    @property
    def least(self) -> int:
        return sum(a for _, a, _ in self.of)

    @property
    def most(self) -> int:
        return sum(b for _, _, b in self.of)


def last_rung(rows: list[Claim], limits: Limits, pieces: int) -> Rung:
    """From 0 to floor for tier 1, 2, …; then from floor to ceiling for tier 1, 2, …."""
    tiers = range(1, max(claim.tier for claim in rows) + 1)
    both = [(claim, *limits(claim)) for claim in rows]
    for on_floors, tier in [(first, tier) for first in (True, False) for tier in tiers]:
        of = [(c, *_foot_and_top(c.tier, lo, hi, tier, on_floors=on_floors)) for c, lo, hi in both]
        rung = Rung(of, on_floors, tier, pieces)
        if rung.most >= pieces:
            break
    return rung


def _foot_and_top(mine: int, lo: int, hi: int, tier: int, *, on_floors: bool) -> tuple[int, int]:
    full, met = (0, lo) if on_floors else (lo, hi)
    if mine < tier:
        return met, met
    return (full, met) if mine == tier else (full, full)


def level(rung: Rung) -> Fraction:
    """The lowest L in days at which all on a rung, brought to L within their limits, take just the supply."""
    events = []
    fixed = w = s = 0
    for claim, a, b in rung.of:
        fixed += a
        if b > a:
            events.append((Fraction(claim.s + a, claim.w), claim.w, claim.s, a, 1))
            events.append((Fraction(claim.s + b, claim.w), claim.w, claim.s, b, -1))
    for days, its_w, its_s, limit, sign in sorted(events, key=lambda event: event[0]):
        if w and w * days >= rung.supply - fixed + s:
            break
        w, s, fixed = w + sign * its_w, s + sign * its_s, fixed - sign * limit
    return Fraction(rung.supply - fixed + s, w) * MICRO


def broken(rows: list[Claim], limits: Limits, pieces: int) -> list[Fraction]:
    """What each claim would get were goods divisible."""
    if not rows:
        return []
    rung = last_rung(rows, limits, pieces)
    if rung.supply <= rung.least or rung.supply >= rung.most:
        return [Fraction(b if rung.supply >= rung.most else a) for _, a, b in rung.of]
    days = level(rung) / MICRO
    return [min(Fraction(b), max(Fraction(a), c.w * days - c.s)) for c, a, b in rung.of]


@dataclass
class Dealt:
    """Packs of each claim, and the rung, the marginal cover and the last who was served."""

    packs: list[int]
    rung: Rung
    marginal: float | None = None
    last: Claim | None = None


def deal(rows: list[Claim], limits: Limits, pack: int, packs: int) -> Dealt:
    """One pack at a time to the lowest cover, a float64; then the longest wait, the lowest lot, the highest class."""
    rung = last_rung(rows, limits, packs * pack)
    given = [a // pack for _, a, _ in rung.of]
    dealt = Dealt(given, rung)
    left = packs - sum(given)
    queue = [(_cover(c, a), c.line, i) for i, (c, a, b) in enumerate(rung.of) if a < b]
    heapq.heapify(queue)
    while left > 0 and queue:
        cover, line, i = heapq.heappop(queue)
        claim, _, most = rung.of[i]
        given[i] += 1
        left -= 1
        dealt.marginal, dealt.last = cover, claim
        if given[i] * pack < most:
            heapq.heappush(queue, (_cover(claim, given[i] * pack), line, i))
    return dealt


def _cover(claim: Claim, had: int) -> float:
    return (claim.s + had) * MICRO / claim.w


# Divisions: the hubs, the articles of a need, its fence, its packs, a region's own rules.


@dataclass
class Pool:
    """Claims that are dealt together, and what they came to; published as levels."""

    need: str
    holder: str
    region: str
    fence: str
    article: Article
    rows: list[Claim]
    dealt: Dealt
    met: bool
    """Whether there is enough for every claim."""
    highest_floor: dict[int, Fraction]
    """Of each tier the most days of a floor that is more than nothing."""


def pooled(
    rows: list[Claim], article: Article, holder: str, *, region: str = ALL, fence: str = ALL, own: bool = False
) -> Pool:
    limits: Limits = (lambda c: c.own_limits) if own else (lambda c: c.limits)
    met = article.packs * article.pack >= sum(limits(claim)[1] for claim in rows)
    dealt = deal(rows, limits, article.pack, article.packs)
    floors: dict[int, Fraction] = defaultdict(Fraction)
    for claim in rows:
        if limits(claim)[0] > 0:
            days = claim.own_floor_days if own else claim.floor_days
            floors[claim.tier] = max(floors[claim.tier], days)
    return Pool(rows[0].need, holder, region, fence, article, rows, dealt, met, floors)


Came = dict[tuple[str, str, str], int]
"""Pieces of each claim: site, need, risk class."""


def at_hubs(rows: list[Claim], goods: dict[tuple[str, str], list[Article]]) -> tuple[list[Claim], list[Pool], Came]:
    """What the hubs send: claims of a region on its hub, by its own rules where it has any. And what each claim would
    have had, where its hub keeps something back that counts."""
    sent: list[Claim] = []
    pools: list[Pool] = []
    would: Came = {}
    for (need, region), articles in sorted(goods.items()):
        claimed = [claim for claim in rows if (claim.need, claim.region) == (need, region)]
        if region == ALL or not claimed:
            continue
        by_hub, dealt = _from_hub([_as_own(claim) for claim in claimed], articles)
        would |= _had_it_sent_all(claimed, by_hub, articles)
        sent += by_hub
        pools += dealt
    for claim in sent:
        claim.requested = min(claim.requested, claim.packs * claim.pack)
    return sent, pools, would


def _as_own(claim: Claim) -> Claim:
    """A claim as its hub sees it."""
    own: dict[str, Any] = {"own_room": None, "own_floor_room": None, "level_region": claim.region}
    if claim.own_room is not None:
        own |= {"room": claim.own_room, "floor_room": claim.own_floor_room, "floor_days": claim.own_floor_days}
    return replace(claim, **own)


def _from_hub(own: list[Claim], articles: list[Article]) -> tuple[list[Claim], list[Pool]]:
    """The claims that a hub serves, and the pools in which it does."""
    articles = [article for article in articles if article.packs > 0]
    pools: list[Pool] = []
    if not own or not articles:
        return [], pools
    choose(own, [broken_of(own, articles)], [own], articles)
    in_packs(own)
    for article in articles:
        served = [claim for claim in own if claim.product == article.product]
        if served:
            pools.append(pooled(served, article, "regional_hub", region=own[0].region))
            _give(pools[-1])
    return own, pools


def _came(rows: list[Claim]) -> Came:
    return {(c.site, c.need, c.risk): c.packs * c.pack for c in rows}


def _less(claim: Claim, came: Came) -> Claim:
    had = came.get((claim.site, claim.need, claim.risk), 0)
    return replace(claim, s=claim.s + had, room=max(0, claim.room - had), floor_room=max(0, claim.floor_room - had))


def _unused(articles: list[Article], sent: list[Claim]) -> list[Article]:
    """What counts of each article and no claim had."""
    used = {a.product: sum(c.packs for c in sent if c.product == a.product) for a in articles}
    return [replace(article, packs=article.counted - used[article.product]) for article in articles]


def _had_it_sent_all(rows: list[Claim], sent: list[Claim], articles: list[Article]) -> Came:
    """What each claim would have had, had its hub handed out all that counts: by the rules of its region, and what these
    leave by the nation's. Nothing where the hub keeps nothing back that anyone could use."""
    in_want = [claim for claim in (_less(c, _came(sent)) for c in rows) if claim.room > 0]
    under_own_rules = any(claim.own_room is not None for claim in in_want)
    both = zip(articles, _unused(articles, sent), strict=True)
    if not in_want or not any(b.packs > 0 and (a.counted > a.packs or under_own_rules) for a, b in both):
        return {}
    by_own, _ = _from_hub([_as_own(c) for c in rows], [replace(a, packs=a.counted) for a in articles])
    rest = [claim for claim in (_less(c, _came(by_own)) for c in rows) if claim.own_room is not None and claim.room > 0]
    by_nation, _ = _from_hub([replace(claim, own_room=None) for claim in rest], _unused(articles, by_own))
    would = _came(by_own)
    for key, pieces in _came(by_nation).items():
        would[key] += pieces
    return would


def _give(pool: Pool) -> None:
    for claim, packs in zip(pool.rows, pool.dealt.packs, strict=True):
        claim.packs = packs


def broken_of(rows: list[Claim], articles: list[Article]) -> list[Fraction]:
    return broken(rows, lambda c: c.rooms, sum(a.pack * a.packs for a in articles))


def after_hubs(rows: list[Claim], sent: list[Claim], would: Came) -> list[Claim]:
    """The claims that are left on the nation: with what the hubs send in stock, and so much less to ask for; and with
    what they keep back in stock."""
    came = _came(sent)
    left = []
    for claim in rows:
        key = claim.site, claim.need, claim.risk
        had = came.get(key, 0)
        less: dict[str, Any] = {
            name: None if getattr(claim, name) is None else max(0, getattr(claim, name) - had)
            for name in ("requested", "room", "floor_room", "own_room", "own_floor_room")
        }
        kept = max(0, would.get(key, 0) - had)
        claim = replace(claim, **less)
        claim.s, claim.at_hub, claim.room_at_hub = claim.s + had + kept, kept, min(claim.room, kept)
        claim.room, claim.floor_room = claim.room - claim.room_at_hub, max(0, claim.floor_room - kept)
        if claim.requested > 0 or (claim.own_room or 0) > 0:
            left.append(claim)
    return left


def choose(
    rows: list[Claim], pieces: list[list[Fraction]], parts: list[list[Claim]], articles: list[Article]
) -> list[dict[str, Fraction]]:
    """One article for each site, part by part of a need: the best-liked first, the largest recipient first.

    ``pieces`` are those of each claim of each part. Returns the pieces of each article that each part has.
    """
    left = {article.product: Fraction(article.pack * article.packs) for article in articles}
    quotas = []
    for of_part in pieces:
        total, quota = sum(of_part, Fraction()), {}
        for article in articles:
            quota[article.product] = min(total, left[article.product])
            total -= quota[article.product]
            left[article.product] -= quota[article.product]
        quotas.append(quota)
    for of_part, part, quota in zip(pieces, parts, quotas, strict=True):
        _one_each(of_part, part, quota, left, {article.product: article.pack for article in articles})
    for i in sorted(_fit(parts, articles)):
        quotas[i] = dict.fromkeys(quotas[i], Fraction())
        there = {a.product: a.pack * a.packs - sum(quota[a.product] for quota in quotas) for a in articles}
        mine = {a.product: Fraction() for a in articles}
        for claim, n in zip(parts[i], pieces[i], strict=True):
            if claim.product:
                mine[claim.product] += n
        quotas[i] = {product: min(n, max(Fraction(), there[product])) for product, n in mine.items()}
    return quotas


def _fit(parts: list[list[Claim]], articles: list[Article]) -> set[int]:
    """Move sites, one at a time, from articles that fall short in whole packs to those that are left over, as long as
    less is unmet after it: the move that lowers it most first. Returns the parts in which somebody moved.

    Moves of several at once, which follow where this ends short, are not worked out here.
    """
    sites = {(i, site): claims for i, part in enumerate(parts) for site, claims in _grouped(part, lambda c: c.site)}
    who = [key for key in sorted(sites) if sites[key][0].product]
    names = sorted(articles, key=lambda article: article.product)
    place = {article.product: b for b, article in enumerate(names)}
    wants = {key: [-(-sum(c.room for c in sites[key]) // a.pack) for a in names] for key in who}
    on = {key: place[str(sites[key][0].product)] for key in who}
    over = [sum(wants[key][b] for key in who if on[key] == b) - a.packs for b, a in enumerate(names)]
    moved = set()
    while max(over, default=0) > 0 > min(over, default=0):
        best: tuple[int, Any, int] | None = None
        for key in who:
            was, asks = on[key], wants[key]
            less = min(asks[was], max(0, over[was])) * names[was].pack
            for b, article in enumerate(names):
                more = (max(0, over[b] + asks[b]) - max(0, over[b])) * article.pack
                if b != was and less - more > (best[0] if best else 0):
                    best = less - more, key, b
        if best is None:
            break
        _, key, b = best
        over[on[key]] -= wants[key][on[key]]
        over[b] += wants[key][b]
        on[key] = b
        moved.add(key[0])
        for claim in sites[key]:
            claim.product, claim.pack = names[b].product, names[b].pack
    return moved


def _one_each(
    pieces: list[Fraction],
    rows: list[Claim],
    quota: dict[str, Fraction],
    spare: dict[str, Fraction],
    pack: dict[str, int],
) -> None:
    wants: dict[str, Fraction] = defaultdict(Fraction)
    for claim, wanted in zip(rows, pieces, strict=True):
        wants[claim.site] += wanted
    names = sorted(product for product, there in quota.items() if there > 0 or len(quota) == 1)
    left, chosen = {name: quota[name] for name in names}, {}
    for site in sorted(wants, key=lambda site: (-wants[site], site)):
        best = max(names, key=lambda name: left[name], default=None)
        if best and len(names) > 1 and left[best] < wants[site]:
            best = max(names, key=lambda name: left[name] + spare[name])
            more = max(Fraction(), min(spare[best], wants[site] - left[best]))
            quota[best], left[best], spare[best] = quota[best] + more, left[best] + more, spare[best] - more
        if best:
            chosen[site] = best
            left[best] -= wants[site]
    for claim in rows:
        if claim.site in chosen:
            claim.product, claim.pack = chosen[claim.site], pack[chosen[claim.site]]


def nationally(country: Country, rows: list[Claim], articles: list[Article]) -> list[Pool]:
    """Divide what the warehouses hold for one need over its claims."""
    fence = _fence_of(country, rows[0].need)
    if len(articles) > 1 and fence:
        pools = _by_fence(country, rows, articles, fence)
    else:
        if fence:
            raise NotImplementedError("a fence on a need with one article")
        choose(rows, [broken_of(rows, articles)], [rows], articles)
        in_packs(rows)
        pools = _by_article(rows, articles)
    for pool in pools:
        _give(pool)
        for claim in pool.rows:
            claim.level_region, claim.fence = pool.region, pool.fence
    for pool in _by_article(rows, articles):
        for claim, packs in zip(pool.rows, pool.dealt.packs, strict=True):
            claim.unfenced = packs
    return pools + _by_own_rules(country, rows, articles, fence)


def _by_article(rows: list[Claim], articles: list[Article]) -> list[Pool]:
    served = [(article, [c for c in rows if c.product == article.product]) for article in articles]
    return [pooled(own, article, "warehouse") for article, own in served if own]


def _fence_of(country: Country, need: str) -> Row | None:
    rows = in_force(country.tables["fence"], KEYS["fence"], country.today)
    rows = [row for row in rows if row["need"] in (need, ALL)]
    if len(rows) > 1 or any(row["kind"] != "guarantee" for row in rows):
        raise NotImplementedError("more than one fence on a need, or another than a guarantee")
    return rows[0] if rows else None


def _inside(country: Country, claim: Claim, fence: Row) -> bool:
    group = {row["sector"]: row["group"] for row in country.tables["sector"]}
    return fence["sector"] in (ALL, claim.sector, group[claim.sector]) and fence["region"] in (ALL, claim.region)


def _by_fence(country: Country, rows: list[Claim], articles: list[Article], fence: Row) -> list[Pool]:
    """Settle the fence first, in single pieces as if the articles were one; then articles and packs for each part."""
    whole = min(sum(a.pack * a.packs for a in articles), sum(claim.room for claim in rows))
    together = deal(rows, lambda c: c.rooms, 1, whole).packs
    inside = [claim for claim in rows if _inside(country, claim, fence)]
    promised = min(math.floor(Fraction(fence["share"]) * whole), sum(claim.room for claim in inside))
    has = sum(pieces for claim, pieces in zip(rows, together, strict=True) if _inside(country, claim, fence))
    if has >= promised:
        parts, pieces, names = [rows], [[Fraction(n) for n in together]], [ALL]
    else:
        outside = [claim for claim in rows if not _inside(country, claim, fence)]
        halves = [(ALL, outside, whole - promised), (fence["fence"], inside, promised)]
        names, parts, shares = map(list, zip(*sorted(half for half in halves if half[1]), strict=True))
        pieces = [
            [Fraction(n) for n in deal(part, lambda c: c.rooms, 1, share).packs]
            for part, share in zip(parts, shares, strict=True)
        ]
    quotas = choose(rows, pieces, parts, articles)
    in_packs(rows)
    made = []
    for article in articles:
        packs = _packs_of_parts(article, parts, pieces, quotas)
        for name, part, n in zip(names, parts, packs, strict=True):
            served = [claim for claim in part if claim.product == article.product]
            if served:
                made.append(pooled(served, replace(article, packs=n), "warehouse", fence=name))
    return made


def _packs_of_parts(
    article: Article, parts: list[list[Claim]], pieces: list[list[Fraction]], quotas: list[dict[str, Fraction]]
) -> list[int]:
    """Whole packs of an article for each part: rounded down, then one each to who lacks most of a pack, then to parts
    of which every claim is met, then to the others. No cap is among the fences worked out here."""
    most = [sum(_packs_wanted(part, article)) for part in parts]
    wanted = [min(quota[article.product] / article.pack, Fraction(n)) for quota, n in zip(quotas, most, strict=True)]
    packs = [math.floor(n) for n in wanted]
    spare = article.packs - sum(packs)
    for i in sorted(range(len(parts)), key=lambda i: packs[i] - wanted[i])[: max(0, spare)]:
        packs[i] += wanted[i] > packs[i]
    for i, part in enumerate(parts):
        if sum(pieces[i]) >= sum(claim.room for claim in part):
            packs[i] += max(0, min(most[i] - packs[i], article.packs - sum(packs)))
    for i in range(len(parts)):
        packs[i] += max(0, min(most[i] - packs[i], article.packs - sum(packs)))
    return packs


def _packs_wanted(part: list[Claim], article: Article) -> Iterator[int]:
    served = [claim for claim in part if claim.product == article.product]
    for _, group in _grouped(served, lambda c: c.site):
        yield -(-sum(claim.room for claim in group) // article.pack)


def _by_own_rules(country: Country, rows: list[Claim], articles: list[Article], fence: Row | None) -> list[Pool]:
    """What a region with rules of its own got of an article, divided again by those: what came to the claims that a
    fence holds stays with them, whether the fence bound or not."""
    for claim in rows:
        claim.fenced = claim.packs
    made = []
    for article in articles:
        own = [c for c in rows if c.own_ceiling is not None and c.product == article.product]
        for (region, part), inside in _grouped(own, lambda c: (c.region, _part_of(country, c, fence))):
            got = replace(article, packs=sum(claim.packs for claim in inside))
            pool = pooled(inside, got, "warehouse", region=region, fence=part, own=True)
            _give(pool)
            for claim in inside:
                claim.level_region, claim.fence = region, part
                claim.floor, claim.ceiling = claim.own_limits
            made.append(pool)
    return made


def _part_of(country: Country, claim: Claim, fence: Row | None) -> str:
    return fence["fence"] if fence and _inside(country, claim, fence) else ALL


# What is published of a division.


def claim_rows(rows: list[Claim], holder: str) -> list[Cells]:
    return [
        {
            "site": c.site,
            "need": c.need,
            "risk_class": c.risk,
            "holder": holder,
            "sector": c.sector,
            "region": c.region,
            "tier": c.tier,
            "product": c.product,
            "level_region": c.level_region,
            "fence": c.fence,
            "reserve": None,
            "norm_use_per_day": Fraction(c.w, MICRO),
            "position": c.s,
            "at_hub": c.at_hub,
            "position_reason": c.reason,
            "assumed": c.assumed,
            "assumed_because": c.assumed_because,
            "assumed_on": c.assumed_on,
            "requested": c.requested,
            "floor": c.floor,
            "ceiling": c.ceiling,
            "waiting_since": c.since,
            "lot": c.lot,
        }
        for c in rows
    ]


def award_rows(rows: list[Claim], holder: str) -> list[Cells]:
    return [
        {
            "site": c.site,
            "need": c.need,
            "risk_class": c.risk,
            "holder": holder,
            "product": c.product,
            "sector": c.sector,
            "region": c.region,
            "packs": c.packs,
            "pieces_per_pack": c.pack,
            "cover_before_days": Fraction(c.s * MICRO, c.w),
            "cover_after_days": Fraction((c.s + c.packs * c.pack) * MICRO, c.w),
            "changed_packs": 0,
            "change_reason": None,
        }
        for c in rows
        if c.packs > 0
    ]


def level_rows(pools: list[Pool], seed: int) -> list[Cells]:
    return [row for pool in pools for row in _levels_of(pool, seed)]


def _levels_of(pool: Pool, seed: int) -> Iterator[Cells]:
    dealt, pack = pool.dealt, pool.article.pack
    both = list(zip(pool.rows, dealt.packs, strict=True))
    for tier, members in _grouped(both, lambda pair: pair[0].tier):
        reach = _reached(pool, tier)
        here = reach in ("part", "part_of_floor")
        exact = level(dealt.rung) if here else None
        if exact is not None and reach == "part_of_floor":
            exact = min(exact, pool.highest_floor[tier])
        yield {
            "need": pool.need,
            "tier": tier,
            "holder": pool.holder,
            "region": pool.region,
            "fence": pool.fence,
            "product": pool.article.product,
            "pieces_per_pack": pack,
            "reach": reach,
            "supply_pieces": pool.article.packs * pack,
            "awarded_pieces": sum(packs for _, packs in members) * pack,
            "level_days": exact,
            "band_days": None,
            "level_exact": None if exact is None else str(exact),
            "marginal_cover_days": dealt.marginal if here else None,
            "claims": len(members),
            "last_since": dealt.last.since if here and dealt.last else None,
            "last_lot": dealt.last.lot if here and dealt.last else None,
            "tie_seed": seed,
        }


def _reached(pool: Pool, tier: int) -> str:
    """How far the supply came in a tier: rungs below the last are met, rungs above it are not reached."""
    if pool.met:
        return "all"
    rung = pool.dealt.rung
    full, partly, beyond = ("floor", "part_of_floor", "nothing") if rung.on_floors else ("all", "part", "floor")
    if tier < rung.tier or (tier == rung.tier and rung.supply == rung.most):
        return full
    return partly if tier == rung.tier and rung.supply > rung.least else beyond


def lines(rows: list[Claim], articles: list[Article]) -> list[Cells]:
    """The sum of each claim on the nation, from what was asked to what is sent; lines of 0 are left out."""
    pieces = sum(a.pack * a.packs for a in articles)
    equal = [math.floor(n) for n in broken([replace(c, tier=1) for c in rows], lambda c: (0, c.room), pieces)]
    floors = [math.floor(n) for n in broken([replace(c, tier=1) for c in rows], lambda c: c.rooms, pieces)]
    tiers = [math.floor(n) for n in broken(rows, lambda c: c.rooms, pieces)]
    made = []
    for c, by_cover, by_floor, by_tier in zip(rows, equal, floors, tiers, strict=True):
        asked = min(c.requested, c.capped)
        steps = {
            "requested": c.requested,
            "over_norm": asked - c.requested,
            "in_stock": c.room + c.room_at_hub - asked,
            "at_hub": -c.room_at_hub,
            "scarcity": by_cover - c.room,
            "floor": by_floor - by_cover,
            "tier": by_tier - by_floor,
            "pack_rounding": c.unfenced * c.pack - by_tier,
            "fence": (c.fenced - c.unfenced) * c.pack,
            "region_change": (c.packs - c.fenced) * c.pack,
            "shipped": c.packs * c.pack,
        }
        made += _lines_of(c, "warehouse", steps)
    return made


def hub_lines(rows: list[Claim]) -> list[Cells]:
    made = []
    for c in rows:
        if c.packs:
            sent = c.packs * c.pack
            steps = {"requested": c.requested, "pack_rounding": sent - c.requested, "shipped": sent}
            made += _lines_of(c, "regional_hub", steps)
    return made


def _lines_of(c: Claim, holder: str, steps: dict[str, int]) -> list[Cells]:
    key = {"site": c.site, "need": c.need, "risk_class": c.risk, "holder": holder}
    return [key | {"line": k, "pieces": n} for k, n in steps.items() if n or k in ("requested", "shipped")]


# Totals: the picture, what was asked and delivered, what to buy.


def totals(country: Country, sector: str, region: str) -> list[tuple[str, str]]:
    """The cells that a site is part of: its sector, its group and all, in its region and in all."""
    group = next(row["group"] for row in country.tables["sector"] if row["sector"] == sector)
    return [(s, r) for s in (sector, group, ALL) for r in (region, ALL)]


def situation(country: Country, weight: Weight, position: list[Cells], central: list[Cells]) -> list[Cells]:
    """Stock and cover per need, sector and region; chances are the forecast's and not worked out here."""
    w: dict[Cell, int] = defaultdict(int)
    for (site, need, _), (_, mid, _) in weight.items():
        w[site, need] += mid
    cells: dict[tuple[str, str, str], list[tuple[Cells, int]]] = defaultdict(list)
    on_list = listed(country)
    for row in (row for row in position if row["need"] in on_list):
        place = country.site[row["site"]]
        for sector, region in totals(country, place["sector"], place["region"]):
            cells[row["need"], sector, region].append((row, w[row["site"], row["need"]]))
    shared: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in central:
        if row["status"] in ("approved", "promised"):
            shared[row["need"], ALL, ALL] += row["pieces"]
            if row["holder"] == "regional_hub":
                shared[row["need"], ALL, row["region"]] += row["pieces"]
    return [_situation(key, rows, shared.get(key, 0)) for key, rows in cells.items()]


def _situation(key: tuple[str, str, str], rows: list[tuple[Cells, int]], shared: int) -> Cells:
    sure = [(row, w) for row, w in rows if row["reason"] is None]
    all_w, known_w = sum(w for _, w in rows), sum(w for _, w in sure)
    pieces = sum(row["pieces"] for row, _ in sure)
    own = Fraction(pieces * MICRO, known_w) if known_w else None
    of_all = Fraction(shared * MICRO, all_w) if all_w and shared else None
    cover = None if own is None and of_all is None else (own or 0) + (of_all or 0)
    return dict(zip(("need", "sector", "region"), key, strict=True)) | {
        "sites": len(rows),
        "sites_known": len(sure),
        "norm_use_per_day": Fraction(all_w, MICRO),
        "unknown_share": Fraction(all_w - known_w, all_w) if all_w else None,
        "stock_pieces": pieces if sure else None,
        "cover_days": cover,
        "cover_least_days": Fraction((pieces + shared) * MICRO, all_w) if all_w else None,
        "reason": _most_of(rows) if not sure else None if all_w else "not_applicable",
    }


def _most_of(rows: list[tuple[Cells, int]]) -> str:
    """The reason behind most of the norm use."""
    by_reason: dict[str, int] = defaultdict(int)
    for row, w in rows:
        by_reason[row["reason"]] += w
    return max(by_reason, key=lambda reason: by_reason[reason])


def flow(country: Country, asked: list[Asked]) -> list[Cells]:
    """Requested, counted and delivered over the last days, beside norm use."""
    days = int(country.rule("flow_days"))
    edge, on_list = country.today - dt.timedelta(days=days), listed(country)
    cells: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(FLOWS, 0))

    def add(site: str, need: str, column: str, n: int) -> None:
        place = country.site[site]
        if place["sector"]:
            for sector, region in totals(country, place["sector"], place["region"]):
                cells[need, sector, region][column] += n

    for one in asked:
        if one.day > edge:
            add(one.site, one.need, "requested", one.asked)
            add(one.site, one.need, "requested_counted", one.pieces)
            add(one.site, one.need, "out_of_scope", 0 if one.need in on_list else one.pieces)
    for row in country.tables["delivery"]:
        if row["pieces"] and edge < day_of(row["day"]) <= country.today:
            add(row["site"], row["need"], CHANNELS[row["channel"]], int(row["pieces"]))
    for part in norm_use_of(country, _told_since(country, edge)):
        for (site, need, _), (_, mid, _) in part.items():
            add(site, need, "norm_use", mid * days)
    return [_flow(key, sums, days) for key, sums in cells.items()]


def _told_since(country: Country, edge: dt.date) -> dict[Series, Fraction]:
    """Units a day as told: the mean of the days after ``edge``, else the last value before."""
    told: dict[Series, dict[dt.date, Fraction]] = defaultdict(dict)
    for row in country.tables["activity"]:
        if row["units"] and day_of(row["day"]) <= country.today and country.site[row["site"]]["sector"]:
            told[row["site"], row["driver"], row["risk_class"]][day_of(row["day"])] = Fraction(row["units"])
    units = {}
    for key, by_day in told.items():
        since_then = [Fraction(micro(value), MICRO) for day, value in by_day.items() if day > edge]
        units[key] = sum(since_then, Fraction()) / len(since_then) if since_then else by_day[max(by_day)]
    return units


CHANNELS = {"consortium": "consortium", "own_purchase": "own_purchase", "donated": "donated", "region": "from_region"}
FLOWS = ("requested", "requested_counted", "out_of_scope", *CHANNELS.values(), "norm_use")


def _flow(key: tuple[str, str, str], sums: dict[str, int], days: int) -> Cells:
    came = sum(sums[channel] for channel in CHANNELS.values())
    met = {"need_met": Fraction(came * MICRO, sums["norm_use"]) if sums["norm_use"] else None}
    row = dict(zip(("need", "sector", "region"), key, strict=True)) | {"days": days} | sums | met
    return row | {"norm_use": Fraction(sums["norm_use"], MICRO)}


Given = dict[tuple[str, str], tuple[int, int, int]]
"""Demand, stock and inbound that can be used in time, per need and curve: of the forecast, and taken as given."""


def purchase_need(country: Country, given: Given) -> list[Cells]:
    """What would have to be bought."""
    return [_purchase(country, need, curve, given) for need, curve in given]


def _bought(country: Country, need: str) -> int:
    """What institutions go on buying themselves over the horizon."""
    weeks, days = int(country.rule("buy_cover_weeks", need)), int(country.rule("flow_days"))
    bought = sum(
        int(row["pieces"])
        for row in country.tables["delivery"]
        if row["need"] == need and row["pieces"] and row["channel"] == "own_purchase"
        if country.today - dt.timedelta(days=days) < day_of(row["day"]) <= country.today
    )
    return bought * 7 * weeks // days


def _purchase(country: Country, need: str, curve: str, given: Given) -> Cells:
    demand, stock, due = given[need, curve]
    base, base_stock, _ = given[need, "base"]
    bought = _bought(country, need)
    weeks = int(country.rule("buy_cover_weeks", need))
    article = next(row for row in country.tables["product"] if row["product"] == accepted(country)[need][0][1])
    pack = int(article["pieces_per_pack"])
    gross, net = (_whole(max(0, n), pack) for n in (demand - stock - bought, demand - stock - bought - due))
    price = _price(country, need)
    left = max(0, base_stock + bought + due + net - base)
    return {
        "need": need,
        "curve": curve,
        "horizon_weeks": weeks,
        "own_purchase_pieces": bought,
        "gross_pieces": gross,
        "net_pieces": net,
        "product": article["product"],
        "price_source": price[2] if price else None,
        "gross_cents": round(Fraction(gross * price[0], price[1])) if price else None,
        "net_cents": round(Fraction(net * price[0], price[1])) if price else None,
        "net_kg": Fraction(net, pack) * Fraction(article["kg_per_pack"]) if article["kg_per_pack"] else None,
        "net_m3": Fraction(net, pack) * Fraction(article["litres_per_pack"]) / 1000
        if article["litres_per_pack"]
        else None,
        "weeks_left_over": Fraction(left * weeks, base) if base else None,
    }


def _price(country: Country, need: str) -> tuple[int, int, str] | None:
    """The newest price paid for the need's own article, else for the next that serves it: cents, pack, source."""
    pack = {row["product"]: int(row["pieces_per_pack"]) for row in country.tables["product"]}
    for _, product in accepted(country)[need]:
        paid = [row for row in country.tables["inbound"] if row["product"] == product and row["cents_per_pack"]]
        paid = [row for row in paid if row["state"] != "cancelled"]
        if paid:
            day = max(row["day"] for row in paid)
            first = min((r for r in paid if r["day"] == day), key=lambda r: (r["order"], int(r["line"])))
            return int(first["cents_per_pack"]), pack[product], f"order {first['order']}/{first['line']}, {day}"
    return None


# All of it.


def recalculated(country: Country, *, seed: int, given: Given) -> dict[str, list[Cells]]:
    """The tables of a plan, of the needs of a country, as lists of rows."""
    counted, sized = norm_use(country)
    weight = counted | sized
    position, central, asked = positions(country, weight), central_stock(country), requests(country, weight)
    goods = supply(country, central)
    claimed = claims(country, weight, position, open_requests(country, asked), seed)
    sent, pools, would = at_hubs(claimed, goods)
    left = after_hubs(claimed, sent, would)
    sums = hub_lines(sent)
    for need, rows in _grouped(left, lambda c: c.need):
        articles = goods.get((need, ALL), [])
        pools += nationally(country, rows, articles)
        sums += lines(rows, articles)
    return {
        "norm_use": [_norm_row(k, w, "counted") for k, w in counted.items()]
        + [_norm_row(k, w, "estimated") for k, w in sized.items()],
        "position": position,
        "central_stock": central,
        "situation": situation(country, weight, position, central),
        "claim": claim_rows(sent, "regional_hub") + claim_rows(left, "warehouse"),
        "award": award_rows(sent, "regional_hub") + award_rows(left, "warehouse"),
        "award_line": sums,
        "level": level_rows(pools, seed),
        "flow": flow(country, asked),
        "purchase_need": purchase_need(country, given),
    }


def _norm_row(key: tuple[str, str, str], w: tuple[int, int, int], how: str) -> Cells:
    low, mid, high = (Fraction(n, MICRO) for n in w)
    return dict(zip(("site", "need", "risk_class"), key, strict=True)) | {
        "low": low,
        "mid": mid,
        "high": high,
        "how": how,
    }
