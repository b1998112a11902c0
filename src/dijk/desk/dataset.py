"""The commands on a dataset: ``example`` and ``template`` write one, ``check`` reads one."""

from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from dijk.check import worst_first
from dijk.desk.ending import FINE, INPUT_ERRORS, NOTHING, USAGE, Stop
from dijk.desk.findings import counts, findings_table, has_errors
from dijk.desk.load import all_checked, all_findings, day_of, load
from dijk.desk.options import AsOf, DataFolder, Json, Lang, NewFolder, Seed
from dijk.desk.screen import give, tell, whole, working
from dijk.desk.words import say
from dijk.desk.write import in_place, new_file, refuse_full
from dijk.files import planning, templates, write_folder
from dijk.tables import languages
from dijk.tables.results import Finding

Size = Literal["small", "national"]
Form = Literal["csv", "parquet", "xlsx"]


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

    It has the dirt of real data in it: silence, stale counts, doubles, absurd requests. Its articles, bases and advice
    are in the language asked for.
    """
    refuse_full(folder)
    with working(say("making", lang)):
        tables = example_tables(size, seed, real=real, cut=cut, lang=lang)
    found = tables.pop("finding", Finding.create_empty())
    with working(say("writing", lang, folder)), in_place(folder) as made:
        write_folder(tables, made, form=form or ("csv" if size == "small" else "parquet"))
    rows = {name: table.height for name, table in sorted(tables.items())}
    give(
        {"folder": str(folder), "rows": rows, "findings": found.to_dicts()},
        *([findings_table(found, lang)] if found.height else []),
        say("tables_written", lang, len(rows), whole(sum(rows.values()), lang), folder),
        as_json=as_json,
    )


def template(folder: NewFolder, lang: Lang = "en", as_json: Json = False) -> None:
    """Write an empty workbook per table.

    Each has headings, units, notes and drop-down lists, in Dutch or English.
    """
    refuse_full(folder)
    with in_place(folder) as made:
        templates(made, lang=lang)
    written = sorted(path.name for path in folder.iterdir())
    give(
        {"folder": str(folder), "files": written},
        say("written", lang, f"{folder}: {', '.join(written)}"),
        as_json=as_json,
    )


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Workbook to write, such as planning.xlsx; new.")],
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Write a workbook to begin with.

    A sheet per table in the order in which it is filled, with an example row; needs, published norms and regions stand
    ready in it. 'dijk check' and 'dijk plan' take it as it is.
    """
    if file.suffix.lower() != ".xlsx":
        raise Stop(USAGE, "no_xlsx", file)
    if file.exists():
        raise Stop(NOTHING, "file_there", file)
    new_file(file, planning(lang, file.name))
    give({"file": str(file)}, say("written", lang, file), say("init_next", lang, file), as_json=as_json)


def check_command(
    folder: DataFolder,
    as_of: AsOf = None,
    seed: Seed = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what forecast and division would find.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """List all findings on a dataset.

    Errors, warnings and notes, all at once, as a plan would have them; an error stops a plan.
    """
    loaded = load(folder, as_of, lang)
    if quick:
        tell(say("steps_left_out", lang))
    found = all_checked(loaded) if quick else all_findings(loaded, seed, lang)
    grid = [findings_table(found, lang)] if found.height else []
    give({"findings": worst_first(found).to_dicts()}, *grid, counts(found, lang), as_json=as_json)
    raise typer.Exit(INPUT_ERRORS if has_errors(found) else FINE)


def example_tables(
    size: Size, seed: int, *, real: Path | None, cut: str | None, lang: languages.Lang
) -> dict[str, pl.DataFrame]:
    """The tables of the example country, on its own series or on the real ones, those with what was found in them.

    Its own texts are in the language asked for; those of the real series stay as they are.

    Raises
    ------
    Stop
        One of the folder and the day of the real series without the other, no such folder, or a day outside the series.
    """
    if (real is None) != (cut is None):
        raise Stop(USAGE, "real_needs_cut")
    if real is None or cut is None:
        from dijk.example import example as example_country

        return example_country(size, seed=seed, lang=lang)
    if not real.is_dir():
        raise Stop(NOTHING, "no_folder", real)
    from dijk.sources.nl2020 import read, real_dataset

    day = day_of(cut)
    try:
        return real_dataset(real, cut=day, size=size, seed=seed) | {"finding": read(real, until=day)["finding"]}
    except ValueError:
        raise Stop(USAGE, "bad_cut", cut) from None
