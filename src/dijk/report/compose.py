"""From a plan to the pages of a report: the same for every form and language."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.report.chapters.colophon import colophon, definitions
from dijk.report.chapters.division import division
from dijk.report.chapters.flows import flows
from dijk.report.chapters.headline import headline
from dijk.report.chapters.inbound import bought, inbound
from dijk.report.chapters.outlook import outlook
from dijk.report.chapters.purchase import purchase
from dijk.report.chapters.quality import quality
from dijk.report.chapters.regimes import regimes
from dijk.report.chapters.sensitivity import external, sensitivity
from dijk.report.chapters.situation import situation
from dijk.report.issued import Issued
from dijk.report.pages import About, Cell, Report, Text
from dijk.report.region_lines import level_lines, silent_lines, site_lines
from dijk.report.shown import shown
from dijk.report.story import Story, story
from dijk.report.words import words
from dijk.tables.languages import Lang

if TYPE_CHECKING:
    from dijk.planned import Plan

CHAPTERS = (
    headline,
    situation,
    flows,
    inbound,
    outlook,
    regimes,
    division,
    purchase,
    bought,
    sensitivity,
    external,
    quality,
    definitions,
    colophon,
)

SOURCE_NOTICES = (
    ("site", "fictional", "notice.fictional"),
    ("indicator", "final extraction", "notice.final"),
    ("region_share", "assumed", "notice.crosswalk"),
)
"""Words in the source of a table that put a notice on every page."""


def report(inputs: Inputs, policy: Policy, plan: "Plan", *, about: About) -> Report:
    """The pages of the situation report.

    Parameters
    ----------
    inputs, policy
        As given to ``plan``; what became known after ``inputs.as_of`` is left aside here too.
    plan
        What ``plan`` made of them.
    about
        Title, moment, run, notices, and the previous plan for what changed.

    Returns
    -------
    Report
        Chapters in no language and no form, for ``html``, ``pdf``, ``xlsx`` and ``region_lists``.

    Examples
    --------
    ::

        made = plan(inputs, policy, seed=1)
        title = Text("Situation report", "Situatierapport")
        about = About(title, inputs.as_of, seed=1, version="-", digest="-", run="-")
        pages = report(inputs, policy, made, about=about)
    """
    material = story(inputs, policy, plan, about)
    return Report(
        title=about.title,
        as_of=about.as_of,
        interim=about.interim,
        notices=_notices(material),
        chapters=tuple(chapter(material) for chapter in CHAPTERS),
        lines=site_lines(material),
        levels=level_lines(material),
        silent=silent_lines(material),
        number=about.issued.number if about.issued else None,
    )


def _notices(material: Story) -> tuple[Text, ...]:
    """Those given, then those that the sources of the data call for; each once."""
    called = [
        Text(*words()[key])
        for table, mark, key in SOURCE_NOTICES
        if getattr(material.world, table)["source"].str.to_lowercase().str.contains(mark, literal=True).any()
    ]
    return tuple(dict.fromkeys([*_issued(material.about.issued), *material.about.notices, *called]))


def _issued(told: Issued | None) -> Iterator[Text]:
    """What an interim report lacks and what a report corrects, in the words of who issued it; and between them what one
    person alone released.
    """
    if told and told.missing:
        yield _filled("notice.missing", lambda lang: {"missing": told.missing})
    if told and told.alone:
        yield _filled("notice.alone", lambda lang: {"count": shown(Cell("whole", told.alone), lang)})
    if told and (old := told.corrects):
        moment = Cell("moment", old.as_of)
        yield _filled(
            "notice.corrects", lambda lang: {"number": old.number, "as_of": shown(moment, lang), "why": old.why}
        )


def _filled(key: str, gaps: Callable[[Lang], dict[str, Any]]) -> Text:
    en, nl = words()[key]
    return Text(en.format(**gaps("en")), nl.format(**gaps("nl")))
