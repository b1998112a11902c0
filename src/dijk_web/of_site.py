"""What is known of some sites, as their pages show it: needs, articles, last values and policy. A handful of questions
to the database, however many sites and lines.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Model, Q, QuerySet, Subquery
from django.utils.translation import get_language

from dijk.check import check_told
from dijk.inputs import Inputs
from dijk.known import latest
from dijk.policy import Policy, served_need
from dijk.present.norm_use import norm_use, norms_in_force
from dijk.present.position import position
from dijk.tables import ON_DISK, empty
from dijk_web import clock, store
from dijk_web.models import (
    TOLD,
    Act,
    Activity,
    Delivery,
    Driver,
    Pen,
    Product,
    RequestRow,
    RiskClass,
    Run,
    Site,
    State,
    Stock,
    Use,
)

JUDGED = (
    *("acceptance", "fence", "mandate", "norm", "policy_rule", "policy_text", "scenario", "scope", "verdict"),
    "warning_reason",
)
"""Judgements that pages read."""

FOR_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)

OF_ITS_FACTS = ("activity", "use", "stock", "delivery", "asked", "request", "past_award")
"""Facts of a site from which its position follows."""


def moment() -> dt.datetime:
    """From when a page sees the world: now, and never before the last act, which may stand some seconds ahead."""
    return max(clock.now(), Pen.objects.get().known_at)


def as_frame(table: str, rows: QuerySet[Any]) -> pl.DataFrame:
    """A few rows of the database as the core has them; for many see `dijk_web.bridge`."""
    schema = empty(table).schema
    return pl.DataFrame(list(rows.values_list(*schema)), schema=schema, orient="row")


def policy_now() -> Policy:
    """The judgements that pages read, as they are known now. They are read anew once somebody judged."""
    return _judgements(_last_judged())


def _last_judged() -> str | None:
    return seal_of_last(TOLD[name].objects.order_by("-id") for name in JUDGED)


def seal_of_last(rows: Iterable[QuerySet[Any]]) -> str | None:
    """The seal of the last act that added the first row of one of these; it rests on every act before it."""
    last = [Subquery(one.values("act")[:1]) for one in rows]
    acts = Act.objects.filter(number__in=last).order_by("-number")
    return acts.values_list("seal", flat=True).first()


@lru_cache(maxsize=4)
def _judgements(seal: str | None) -> Policy:
    """The judgements up to the act with this seal, which rests on every act before it."""
    return Policy.of({name: as_frame(name, TOLD[name].objects.all()) for name in JUDGED}).known(FOR_EVER)


def codes(sites: Iterable[Site]) -> list[str]:
    """Their codes."""
    return [site.site for site in sites]


def needs_of(sites: Sequence[Site], policy: Policy, day: dt.date) -> dict[str, set[str]]:
    """Of each site the codes of its needs: those with a norm in force for its sector and risk classes, and those it
    ever asked for, used, held or received. A site that never told activity has every risk class of its sector.
    """
    here = codes(sites)
    classes = defaultdict(set)
    for site, risk_class in Activity.objects.filter(site__in=here).values_list("site", "risk_class").distinct():
        classes[site].add(risk_class)
    norms = norms_in_force(policy, day).select("sector", "risk_class", "need").unique().rows()
    needs = {
        site.site: {
            need
            for sector, risk_class, need in norms
            if sector == site.sector and risk_class in (classes[site.site] or {risk_class})
        }
        for site in sites
    }
    for model in (RequestRow, Use, Delivery):
        for site, need in model.objects.filter(site__in=here).values_list("site", "need").distinct():
            needs[site].add(need)
    serves = dict(served_need(policy, None).rows())
    for site, product in Stock.objects.filter(site__in=here).values_list("site", "product").distinct():
        if product in serves:
            needs[site].add(serves[product])
    return needs


def world_of(sites: Sequence[Site], now: dt.datetime, told: dict[str, pl.DataFrame] | None = None) -> Inputs:
    """Some sites alone, as known at a moment, with what was told beside it: facts of others are not in it, so nothing
    is held against peers.
    """
    tables = {name: as_frame(name, rows) for name, rows in _told_of(sites).items()}
    for name, rows in (told or {}).items():
        tables[name] = pl.concat([tables[name], rows])
    return Inputs.of(tables, as_of=now).known()


def _told_of(sites: Sequence[Site]) -> dict[str, QuerySet[Any]]:
    """The rows from which what is known of some sites follows, by table."""
    here, owners = codes(sites), {site.organisation_id for site in sites}
    own = {name: TOLD[name].objects.filter(site__in=here) for name in (*OF_ITS_FACTS, "site")}
    own["delivery"] = Delivery.objects.filter(Q(site__in=here) | Q(from_site__in=here))  # what it passed on left it
    return own | {"organisation": TOLD["organisation"].objects.filter(organisation__in=owners)}


def last_published() -> Run | None:
    """The run whose levels hold."""
    return Run.objects.filter(state=State.PUBLISHED).first()


def norm_use_of(sites: Sequence[Site], world: Inputs, policy: Policy) -> pl.DataFrame:
    """Norm use as the last published plan has it, so that both sides see the same figure; without one, from the sites'
    own activity.
    """
    run = last_published()
    if run is None:
        return norm_use(world, policy)
    return store.table(str(run.code), "norm_use", site=codes(sites))


@dataclass(frozen=True)
class Held:
    """What a site has of a need: ``norm`` in pieces a day, ``pieces`` by the ledger today, None where nobody knows,
    ``doubted`` where a count waits for a second.
    """

    norm: float
    pieces: int | None
    doubted: bool


def positions_of(sites: Sequence[Site], world: Inputs, policy: Policy) -> pl.DataFrame:
    """Table ``position`` of some sites, as a plan would have it today of these facts."""
    return position(world, policy, norm_use_of(sites, world, policy))


def _per_need(weight: pl.DataFrame) -> dict[tuple[str, str], float]:
    """Norm use per site and need, pieces a day: the risk classes of a site together."""
    return {(site, need): mid for site, need, mid in weight.group_by("site", "need").agg(pl.col("mid").sum()).rows()}


@dataclass(frozen=True)
class Known:
    """What is known of some sites today: their facts, and table ``position`` and what they have by it, as a plan would
    have them today of these facts.
    """

    world: Inputs
    position: pl.DataFrame
    held: dict[tuple[str, str], Held]


def known_of(sites: Sequence[Site]) -> Known:
    """What is known of some sites. It is made anew once somebody told of them, judged, or published a plan, and on
    another day.
    """
    here, run = tuple(codes(sites)), last_published()
    told = seal_of_last(rows.order_by("-act") for rows in _told_of(sites).values())
    return _known(here, moment().date(), told, _last_judged(), run and str(run.code))


@lru_cache(maxsize=128)
def _known(here: tuple[str, ...], day: dt.date, told: str | None, judged: str | None, run: str | None) -> Known:
    """As `known_of`; the last three say what it rests on."""
    sites, policy = list(Site.objects.filter(site__in=here)), _judgements(judged)
    world = world_of(sites, moment())
    weight = norm_use_of(sites, world, policy)
    rows, norms = position(world, policy, weight), _per_need(weight)
    columns = rows.select("site", "need", "pieces", "doubted").rows()
    held = {
        (site, need): Held(norms.get((site, need), 0.0), pieces, doubted) for site, need, pieces, doubted in columns
    }
    return Known(world, rows, held)


def norms_of(sites: Sequence[Site]) -> dict[tuple[str, str], float]:
    """Norm use per site and need, pieces a day; see `norm_use_of`."""
    run = last_published()
    if run is None:
        return {cell: held.norm for cell, held in known_of(sites).held.items()}
    return _per_need(store.table(str(run.code), "norm_use", site=codes(sites)))


def last_counts(world: Inputs) -> pl.DataFrame:
    """Of each lot and status the last count of each site: columns of ``stock``."""
    return world.stock.sort("day").unique(["site", "product", "lot", "status"], keep="last", maintain_order=True)


def packs_of_needs(policy: Policy, day: dt.date) -> dict[str, int]:
    """Pieces in a pack of each need's own article, where it has one."""
    accepted = policy.in_force("acceptance", day).sort("need", "preference", "product")
    first = dict(accepted.unique("need", keep="first", maintain_order=True).select("need", "product").rows())
    sizes = dict(Product.objects.filter(product__in=first.values()).values_list("product", "pieces_per_pack"))
    return {need: sizes[product] for need, product in first.items() if product in sizes}


def names_of(model: type[Model], wanted: Iterable[str]) -> dict[str, str]:
    """Names in the language of the page, by code, in alphabetical order; what no register knows is called by its
    code.
    """
    name = "name_nl" if get_language() == "nl" else "name_en"
    rows = (
        model._default_manager.all() if model in (Driver, RiskClass) else model._default_manager.filter(pk__in=wanted)
    )
    key = {Driver: "driver", RiskClass: "risk_class"}.get(model, "pk")
    known = dict(rows.values_list(key, name))
    return dict(sorted(((code, known.get(code, code)) for code in wanted), key=lambda pair: pair[1].casefold()))


REGISTERS = ("region", "sector", "risk_class", "need", "product", "driver")
"""Registers that rows of a site refer to, beside its organisation."""


def with_registers(sites: Sequence[Site]) -> Inputs:
    """What is known of some sites today, and the registers."""
    return replace(known_of(sites).world, **registers_now())


def registers_now() -> dict[str, pl.DataFrame]:
    """The registers as they are known now. They are read anew once something was told of one."""
    return _registers(seal_of_last(TOLD[name].objects.order_by("-id") for name in REGISTERS))


@lru_cache(maxsize=4)
def _registers(seal: str | None) -> dict[str, pl.DataFrame]:
    """The registers up to the act with this seal."""
    return {name: latest(as_frame(name, TOLD[name].objects.all()), ON_DISK[name]) for name in REGISTERS}


def doubts_about(table: str, rows: pl.DataFrame, sites: Sequence[Site], policy: Policy) -> pl.DataFrame:
    """Findings on rows that are about to be told, held against the registers and against what these sites told before:
    their peers are not asked, which would take too long while somebody waits.
    """
    return check_told({table: rows}, with_registers(sites), policy)
