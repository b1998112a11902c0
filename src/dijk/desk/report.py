"""The command ``report``: the situation report of a kept run."""

import datetime as dt
import itertools
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import typer

from dijk import runs
from dijk.desk.ending import USAGE, Stop
from dijk.desk.options import Json, Replace, RunFolder
from dijk.desk.screen import give, working
from dijk.desk.words import language, say
from dijk.desk.write import in_place, keep, of_run, refuse_report
from dijk.tables.languages import LANGS, Lang

if TYPE_CHECKING:
    from dijk.report import Edition, Issued, Report  # drawing is slow to load, so only a report loads it

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def report(
    run: RunFolder,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report.")],
    lang: Annotated[Literal["nl", "en", "both"], typer.Option("--lang", help="Language of the report.")] = "both",
    form: Annotated[str, typer.Option("--form", help="Which forms, with commas between.")] = "html,xlsx,pdf",
    previous: Annotated[
        Path | None, typer.Option(metavar="RUN", help="The run of the last report: says what changed since.")
    ] = None,
    next_report: Annotated[
        dt.datetime | None,
        typer.Option("--next", formats=MOMENTS, help="When the next report comes; else the next Monday or Thursday."),
    ] = None,
    interim: Annotated[bool, typer.Option("--interim", help="Mark every page as interim.")] = False,
    issued: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The report.json of an issued report: makes the same bytes again."),
    ] = None,
    edition: Annotated[
        Literal["full", "money", "general"],
        typer.Option(
            "--edition", help="money leaves out lots and what single sites told; general also orders and money."
        ),
    ] = "full",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Write the situation report of a run.

    As web page, workbook (with a list of sites per region) and PDF.
    """
    spoken = language([f"--lang={lang}"], os.environ)
    number, wanted = runs.read_manifest(run)["run"], forms_of(form)
    refuse_report(out, number, replace=replace)
    if issued is None:
        made_of = pages(run, previous=previous, next_report=next_report, interim=interim)
    else:
        made_of = pages(run, previous=previous, issued=told_in(issued, previous))
    written: list[str] = []
    with in_place(out) as made:
        keep_forms(out, made, number)
        for tongue, kind in itertools.product(LANGS if lang == "both" else (lang,), wanted):
            with working(say("rendering", spoken, f"{kind}, {tongue}")):
                for path, content in drawn(made_of, number, kind, tongue, edition):
                    keep(made / path, content)
                    written.append(str(out / path))
    places = dict.fromkeys(path if Path(path).parent == out else f"{Path(path).parent}/" for path in written)
    give({"files": written}, *places, as_json=as_json)


def keep_forms(out: Path, made: Path, run: str) -> None:
    """Take over the other forms and languages of this same run that stand there already."""
    for path in out.iterdir() if out.is_dir() else ():
        if of_run(path.name, run):
            (shutil.copytree if path.is_dir() else shutil.copy2)(path, made / path.name)


def forms_of(text: str) -> list[str]:
    """The forms of a report that a person named, with commas between.

    Raises
    ------
    Stop
        One of them is no form of a report.
    """
    from dijk.report.edition import FORMS

    named = [form.strip() for form in text.split(",")]
    for form in named:
        if form not in FORMS:
            raise Stop(USAGE, "bad_form", form, ", ".join(FORMS))
    return named


def told_in(path: Path, previous: Path | None) -> "Issued":
    """What is told in the file of an issued report.

    Raises
    ------
    Stop
        It is no such file, or the run of the report before it is not the one that is given.
    """
    from dijk.report.issued import from_json

    try:
        issued = from_json(path.read_bytes())
    except ValueError:
        raise Stop(USAGE, "bad_issued", path) from None
    given = None if previous is None else runs.read_manifest(previous)["run"]
    if given != issued.previous:
        raise Stop(USAGE, "needs_previous" if issued.previous else "needs_no_previous", path, issued.previous)
    return issued


# parameters: which run beside which other one, and what else is told of the report
def pages(
    folder: Path,
    *,
    previous: Path | None = None,
    next_report: dt.datetime | None = None,
    interim: bool = False,
    issued: "Issued | None" = None,
) -> "Report":
    """The pages of a kept run, with what changed since an earlier one. One that is issued says itself whether it is
    interim and when the next one comes.
    """
    from dijk.report import About, Text, report

    run, said = runs.read_run(folder), runs.read_manifest(folder)
    last = None if previous is None else runs.read_run(previous)
    about = About(
        title=Text("Situation report", "Situatierapport"),
        as_of=run.inputs.as_of,
        seed=run.seed,
        version=said["dijk"],
        digest=run.digest,
        run=said["run"],
        interim=issued.interim if issued else interim,
        previous=last.whole_plan if last else None,
        previous_as_of=last.inputs.as_of if last else None,
        next_report=issued.next_report if issued else next_report,
        issued=issued,
    )
    return report(run.inputs, run.policy, run.whole_plan, about=about)


# parameters: the pages, the three that name a file, and the edition
def drawn(made: "Report", run: str, form: str, lang: Lang, edition: "Edition" = "full") -> Iterator[tuple[str, bytes]]:
    """The files of a report of a run in one form, language and edition: path in the report's folder, content. The lists
    per region are of the full edition.
    """
    from dijk import report as draw
    from dijk.report.edition import file_name

    shown = draw.edition(made, edition)
    drawing = {"html": draw.html, "xlsx": draw.xlsx, "pdf": draw.pdf}[form]
    yield file_name(run, edition, lang, form), drawing(shown, lang)
    if form == "xlsx" and edition == "full":
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            lists = draw.region_lists(made, lang, each=threads.map)
        for name, content in lists.items():
            yield f"regions.{run}.{lang}/{quote(name, safe='')}.xlsx", content  # a code is text of others, never a path
