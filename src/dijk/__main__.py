"""The command line: ``dijk`` or ``python -m dijk``. Each command reads, calls one step of the core, writes, and says
what it did.
"""

import itertools
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args
from urllib.parse import quote

import polars as pl
import typer

from dijk import runs
from dijk.check import BadInput, worst_first
from dijk.desk import (
    BUG,
    DIFFERS,
    EXIT_CODES,
    FINE,
    INPUT_ERRORS,
    NOTHING,
    STOPPED,
    USAGE,
    AsOf,
    DataFolder,
    Json,
    Lang,
    Language,
    RunFolder,
    Seed,
    Stop,
    Tables,
    all_findings,
    day_of,
    give,
    has_errors,
    keep,
    keep_tables,
    load,
    make_plan,
    screen,
)
from dijk.desk.allocate import adjust, explain, fences, recompute
from dijk.desk.forecast import backtest, score
from dijk.desk.screen import say, tell, working
from dijk.files import templates, write_folder
from dijk.plan import plan
from dijk.report.summary import summary
from dijk.tables import ALL
from dijk.tables.results import Finding

if TYPE_CHECKING:
    from dijk.report import Report  # drawing is slow to load, so only a report loads it

FORMS = ("html", "xlsx", "pdf")
WRONG_USAGE: type[Exception] = typer.BadParameter.mro()[1]  # Typer does not export the base of its usage errors

app = typer.Typer(
    name="dijk",
    help="From a folder of files to the situation report: what is short, what nobody knows, who gets what, what "
    "to buy.",
    epilog=f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


Size = Literal["small", "national"]
Form = Literal["csv", "parquet", "xlsx"]

NewFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write in; new or empty.")]


@app.command()
def example(
    folder: NewFolder,
    size: Annotated[Size, typer.Option(help="About 200 sites and 12 needs, or 20,000 and 60.")] = "small",
    seed: Seed = 1,
    form: Annotated[Form | None, typer.Option(help="Without it: csv for small, parquet for national.")] = None,
    real: Annotated[
        Path | None, typer.Option(help="Folder of the real Dutch series, to stand in for the example's own.")
    ] = None,
    cut: Annotated[str | None, typer.Option(help="With --real: the day of the plan, such as 2020-04-27.")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Write the dataset of a fictional country.

    It has the dirt of real data in it: silence, stale counts, doubles, absurd requests.
    """
    refuse_full(folder)
    with working(say("making", lang)):
        tables = example_tables(size, seed, real=real, cut=cut)
    found = tables.pop("finding", Finding.create_empty())
    with working(say("writing", lang, folder)):
        write_folder(tables, folder, form=form or ("csv" if size == "small" else "parquet"))
    rows = {name: table.height for name, table in sorted(tables.items())}
    give(
        {"folder": str(folder), "rows": rows, "findings": found.to_dicts()},
        *([screen.findings_table(found, lang)] if found.height else []),
        say("tables_written", lang, len(rows), screen.whole(sum(rows.values()), lang), folder),
        as_json=as_json,
    )


@app.command()
def template(folder: NewFolder, lang: Lang = "en", as_json: Json = False) -> None:
    """Write an empty workbook per table.

    Each has headings, units, notes and drop-down lists, in Dutch or English.
    """
    refuse_full(folder)
    templates(folder, lang=lang)
    written = sorted(path.name for path in folder.iterdir())
    give(
        {"folder": str(folder), "files": written},
        say("written", lang, f"{folder}: {', '.join(written)}"),
        as_json=as_json,
    )


@app.command("check")
def check_command(folder: DataFolder, as_of: AsOf = None, lang: Lang = "en", as_json: Json = False) -> None:
    """List all findings on a dataset.

    Errors, warnings and notes, all at once; an error stops a plan.
    """
    loaded = load(folder, as_of, lang)
    found = all_findings(loaded)
    grid = [screen.findings_table(found, lang)] if found.height else []
    give({"findings": worst_first(found).to_dicts()}, *grid, screen.counts(found, lang), as_json=as_json)
    raise typer.Exit(INPUT_ERRORS if has_errors(found) else FINE)


@app.command()
def forecast(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, out: Tables = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show what care will need.

    Per need for the whole country, with the indicators behind it.
    """
    run = make_plan(folder, as_of, seed, lang)
    keep_tables(run.plan, ("indicator_seen", "driver_forecast", "demand"), out)
    nation = run.plan.demand.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL))
    give(
        {"indicator_seen": run.plan.indicator_seen.to_dicts(), "demand": nation.to_dicts()},
        screen.indicators_table(run.plan.indicator_seen, lang),
        screen.demand_table(nation, run.inputs.need, lang),
        as_json=as_json,
    )


@app.command()
def assess(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, out: Tables = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show what is short and what nobody knows.

    Cover, chance to run out, unknown share, and how each need is routed.
    """
    run = make_plan(folder, as_of, seed, lang)
    keep_tables(run.plan, ("norm_use", "position", "central_stock", "situation", "regime", "flow", "not_answered"), out)
    needs = summary(run.inputs, run.plan).need
    give({"needs": needs.to_dicts()}, screen.picture_table(needs, lang), as_json=as_json)


@app.command()
def allocate(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, out: Tables = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show how what is scarce is shared.

    The published level per need and tier, and what was awarded.
    """
    run = make_plan(folder, as_of, seed, lang)
    keep_tables(run.plan, ("claim", "award", "award_line", "level"), out)
    give(
        {"level": run.plan.level.to_dicts()},
        screen.levels_table(run.plan.level, run.inputs.need, lang),
        as_json=as_json,
    )


@app.command("plan")
def plan_command(
    folder: DataFolder,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Folder of the run.")],
    as_of: AsOf = None,
    seed: Seed = 1,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Make a plan and keep it in a run's folder.

    Ends with what the plan says in a dozen lines.
    """
    runs.refuse_other(out)
    run = make_plan(folder, as_of, seed, lang)
    with working(say("writing", lang, out)):
        runs.write_run(out, runs.run_files(run), origin=folder)
    said, what = runs.read_manifest(out), summary(run.inputs, run.plan)
    give(
        {"run": said, "folder": str(out), "summary": asdict(what) | {"need": what.need.to_dicts()}},
        screen.picture_table(what.need, lang),
        "",
        screen.action_table(what.need, lang),
        "",
        *screen.summary_lines(what, lang),
        screen.counts(run.finding, lang),
        say("run_line", lang, said["run"], screen.moment(run.inputs.as_of, lang), seed, out),
        as_json=as_json,
    )


@app.command()
def report(
    run: RunFolder,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report.")],
    lang: Annotated[Literal["nl", "en", "both"], typer.Option("--lang", help="Language of the report.")] = "both",
    form: Annotated[str, typer.Option("--form", help="Which forms, with commas between.")] = "html,xlsx,pdf",
    previous: Annotated[
        Path | None, typer.Option(metavar="RUN", help="The run of the last report: says what changed since.")
    ] = None,
    interim: Annotated[bool, typer.Option("--interim", help="Mark every page as interim.")] = False,
    as_json: Json = False,
) -> None:
    """Write the situation report of a run.

    As web page, workbook (with a list of sites per region) and PDF.
    """
    spoken = language([f"--lang={lang}"], os.environ)
    about = pages(run, previous=previous, interim=interim)
    written = []
    for tongue, kind in itertools.product(get_args(Language) if lang == "both" else (lang,), forms_of(form)):
        with working(say("rendering", spoken, f"{kind}, {tongue}")):
            written += [keep(out / path, content) for path, content in drawn(about, kind, tongue)]
    places = dict.fromkeys(path if Path(path).parent == out else f"{Path(path).parent}/" for path in written)
    give({"files": written}, *places, as_json=as_json)


@app.command()
def replay(
    run: RunFolder,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the dataset is now, if it was moved.")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Make a kept plan again and compare every byte.

    From the dataset, with the policy, seed and moment that were kept.
    """
    kept, said = runs.read_run(run), runs.read_manifest(run)
    folder = data or runs.origin(run)
    if folder is None or not folder.is_dir():
        raise Stop(NOTHING, "no_origin", folder or run)
    loaded = load(folder, said["as_of"], lang, errors_stop=True)
    if loaded.digest != kept.digest:
        tell(say("digest_differs", lang, screen.moment(kept.inputs.as_of, lang)))
    with working(say("planning", lang)):
        made = plan(loaded.inputs, kept.policy, seed=kept.seed)
    again = runs.Run(loaded.inputs, kept.policy, made, seed=kept.seed, digest=loaded.digest, received=loaded.received)
    found = runs.differences(run, again)
    what = {"identical": not found, "differences": [asdict(one) for one in found]}
    give(
        what,
        *(screen.replay_parts(said, found, lang) if found else [say("identical", lang, len(said["files"]))]),
        as_json=as_json,
    )
    raise typer.Exit(DIFFERS if found else FINE)


app.command()(explain)
app.command()(recompute)
app.command()(adjust)
app.command()(fences)
app.command()(backtest)
app.command()(score)

# What the commands of this page share.


def example_tables(size: Size, seed: int, *, real: Path | None, cut: str | None) -> dict[str, pl.DataFrame]:
    """The tables of the example country, on its own series or on the real ones, those with what was found in them."""
    if (real is None) != (cut is None):
        raise Stop(USAGE, "real_needs_cut")
    if real is None or cut is None:
        from dijk.example import example as example_country

        return example_country(size, seed=seed)
    if not real.is_dir():
        raise Stop(NOTHING, "no_folder", real)
    from dijk.sources.nl2020 import read, real_dataset

    day = day_of(cut)
    try:
        return real_dataset(real, cut=day, size=size, seed=seed) | {"finding": read(real, until=day)["finding"]}
    except ValueError:
        raise Stop(USAGE, "bad_cut", cut) from None


def refuse_full(folder: Path) -> None:
    """Nothing is written over what somebody keeps."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(NOTHING, "not_empty", folder)


def forms_of(text: str) -> list[str]:
    """The forms of a report that a person named, with commas between."""
    named = [form.strip() for form in text.split(",")]
    for form in named:
        if form not in FORMS:
            raise Stop(USAGE, "bad_form", form, ", ".join(FORMS))
    return named


def pages(folder: Path, *, previous: Path | None, interim: bool) -> "Report":
    """The pages of a kept run, with what changed since an earlier one."""
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
        interim=interim,
        previous=last.whole_plan if last else None,
        previous_as_of=last.inputs.as_of if last else None,
    )
    return report(run.inputs, run.policy, run.whole_plan, about=about)


def drawn(made: "Report", form: str, lang: Language) -> Iterator[tuple[str, bytes]]:
    """The files of a report in one form and language: path in the report's folder, content."""
    from dijk import report as draw

    yield f"report.{lang}.{form}", {"html": draw.html, "xlsx": draw.xlsx, "pdf": draw.pdf}[form](made, lang)
    if form == "xlsx":
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            lists = draw.region_lists(made, lang, each=threads.map)
        for name, content in lists.items():
            yield f"regions.{lang}/{quote(name, safe='')}.xlsx", content  # a code is text of others, never a path


# The way out: every way a command can end, in the user's language.


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run_command(sys.argv[1:] if words is None else list(words)))


def run_command(words: list[str]) -> int:
    """Run one command; its exit code. Nothing a user can cause shows a traceback."""
    lang = language(words, os.environ)
    try:
        code = app(words or ["--help"], prog_name="dijk", standalone_mode=False) or FINE
        return end(STOPPED, say("stopped", lang)) if code == STOPPED else code
    except Stop as stop:
        return end(stop.code, say(stop.key, lang, *stop.gaps))
    except BadInput as bad:
        return end_with_findings(bad.findings, lang, as_json="--json" in words)
    except runs.NoRun as none:
        return end(NOTHING, none.said[lang])
    except runs.Changed as changed:
        return end(DIFFERS, say("changed", lang, ", ".join(changed.files)))
    except OSError as error:
        return end(NOTHING, say("io", lang, error.filename or "dijk", error.strerror or error))
    except WRONG_USAGE as wrong:
        command = [word for word in words[:1] if word in command_names()]
        return end(USAGE, say("usage", lang, wrong.format_message(), " ".join(["dijk", *command])))  # type: ignore[attr-defined]
    except Exception as bug:
        if os.environ.get("DIJK_TRACEBACK"):
            raise
        return end(BUG, say("bug", lang, f"{type(bug).__name__}: {bug}"))


def command_names() -> list[str]:
    """What may follow ``dijk``."""
    return [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]


def language(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language of messages: ``--lang``, else DIJK_LANG, else English; never the clock or the machine's locale."""
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in itertools.pairwise(words) if word == "--lang"]
    choices = [*asked, environment.get("DIJK_LANG", "")]
    return next((choice for choice in choices if choice in get_args(Language)), "en")


def end(code: int, text: str) -> int:
    """Say on stderr why a command ends."""
    tell(text)
    return code


def end_with_findings(found: pl.DataFrame, lang: str, *, as_json: bool) -> int:
    """All findings, as a table on stderr or as JSON on stdout, and what to do."""
    if as_json:
        give({"findings": worst_first(found).to_dicts()}, as_json=True)
    else:
        screen.console(stderr=True).print(screen.findings_table(found, lang))
    errors = found.filter(pl.col("severity") == "error").height
    return end(INPUT_ERRORS, say("bad_input", lang, errors))


if __name__ == "__main__":
    main()
