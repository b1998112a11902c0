"""The signal to other sectors: per need the text in force of what they may expect, and whether what it was written on
still holds.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk.assess.signal import Ground, PartSetApart, ground_of
from dijk.policy import Policy, listed
from dijk.tables import ALL
from dijk.tables.judgements import VERDICTS
from dijk_web.access import ANYBODY, requires
from dijk_web.models import Need
from dijk_web.of_site import last_published, moment, names_of, policy_now, registers_now
from dijk_web.pages.judgement import Words
from dijk_web.pages.lines import choice_in_words, shown
from dijk_web.pages.told_run import lang
from dijk_web.people import Permission, allows
from dijk_web.proposing import key_text
from dijk_web.signal import SIGNAL, computed_now

EXPECTED = {
    "direct": gettext_lazy("No shortage: it goes through the regular channels, also for other sectors."),
    "early_warning": gettext_lazy("A shortage is feared: reckon with less of it."),
    "scarce": gettext_lazy("It is short: what there is is divided, the highest risk of the treatment first."),
    "unknown": gettext_lazy("Nobody can say how much there is: it is divided as what is short."),
    None: gettext_lazy("No plan and no verdict say anything of it yet."),
}
"""What a regime means for who is not of care or cure."""

DIVIDED = ("scarce", "unknown")
"""Regimes in which others get only what is left or set apart for them."""

KINDS = {
    "guarantee": gettext_lazy("At least {share} of what is divided goes to: {whom}."),
    "reserve": gettext_lazy("{share} of what is divided is set aside first for: {whom}."),
    "cap": gettext_lazy("At most {share} of what is divided goes to: {whom}."),
}
"""What a fence means, as people read it."""


def in_words(text: str | None) -> list[str]:
    """What a text was written on, in sentences; as it stands where it is not dijk's, and nothing where it is empty."""
    if not text:
        return []
    ground = Ground.read(text)
    return [text] if ground is None else list(sentences(ground, Words()))


def sentences(ground: Ground, words: Words) -> Iterator[str]:
    """What holds of a need, and so what other sectors may expect of it."""
    yield str(EXPECTED.get(ground.regime, EXPECTED[None]))
    if ground.verdict in VERDICTS:
        yield _("Verdict of the experts: {verdict}.").format(verdict=choice_in_words(VERDICTS, ground.verdict))
    for fence in ground.fences:
        share, whom = f"{shown(round(fence.share * 100, 2))}%", words.of("fence", "sector", fence.sector)
        if fence.region != ALL:
            whom = _("{sector} in {region}").format(sector=whom, region=words.of("fence", "region", fence.region))
        yield str(KINDS.get(fence.kind, fence.kind)).format(share=share, whom=whom)
    if ground.regime in DIVIDED and not any(for_others(fence) for fence in ground.fences):
        yield _("Nothing of it is set apart for other sectors.")


def for_others(fence: PartSetApart) -> bool:
    """Whether a fence sets something apart for sectors outside care and cure."""
    sectors = registers_now()["sector"]
    others = sectors.filter(sectors["group"].cast(str) == "other")["sector"]
    return fence.kind != "cap" and fence.sector in ("other", *others)


@requires(*ANYBODY)
@require_safe
def signal(request: HttpRequest) -> HttpResponse:
    """Per need what other sectors may expect, for all who log in; what holds of it is for who reads the nation."""
    now, run = moment(), last_published()
    reads = allows(request.user, Permission.READ_NATION)
    told = {
        "lines": lines_of(policy_now(), now.date(), with_ground=reads),
        "today": now.date(),
        "run": run if reads else None,
        "may_propose": allows(request.user, Permission.PROPOSE_TEXT),
    }
    return render(request, "dijk_web/signal/list.html", told)


def lines_of(policy: Policy, today: dt.date, *, with_ground: bool) -> list[dict[str, Any]]:
    """A line per need that is listed or has a text, by name."""
    texts = {row["need"]: row for row in policy.in_force("policy_text", today).filter(subject=SIGNAL).to_dicts()}
    computed, words = computed_now(), Words()
    needs = names_of(Need, {*listed(policy, today)["need"], *texts})
    lines = []
    for need, name in needs.items():
        ground, row = ground_of(policy, computed, need=need, day=today), texts.get(need)
        is_old = bool(row and row["ground"] and row["ground"] != ground.text)
        lines.append(
            {
                "need": need,
                "name": name,
                "row": row,
                "text": row and row["dutch" if lang() == "nl" else "english"],
                "key": row and key_text("policy_text", row),
                "is_old": is_old,
                "is_unfounded": bool(row and not row["ground"]),
                "ground": list(sentences(ground, words)) if with_ground else [],
                "before": in_words(row["ground"]) if with_ground and row and is_old else [],
            }
        )
    return lines
