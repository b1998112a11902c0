"""Taking in what was made elsewhere: a dataset of the past, each row of which says when it became known, and figures of
others.
"""

from collections.abc import Mapping

import polars as pl

from dijk.known import latest
from dijk.tables import ON_DISK, POLICY
from dijk_web.actions.proposing import put_forward
from dijk_web.actions.writing import TooLate, writing
from dijk_web.bridge import rows_until
from dijk_web.jobs import read_dataset, take_in_dataset
from dijk_web.models import TOLD, ExternalFigure, Intake, Person, Step
from dijk_web.models.proposal import DATASET
from dijk_web.of_site import as_frame


class NothingNew(Exception):
    """Every row was told before."""


# parameters: what is taken in, in whose log it is told, and by which form
def take_in(
    tables: Mapping[str, pl.DataFrame], *, by: Person, reason: str, about: str = "dataset", once: str | None = None
) -> int:
    """Add all rows of a dataset that are not there yet, in one act; its number.

    Raises
    ------
    TooLate
        A row has the key and the moment of one that is there, and says something else; nothing is added.
    """
    with writing("dataset_taken_in", by=by, about=about, reason=reason, once=once) as act:
        for name, rows in tables.items():
            act.take_in(name, new_rows(name, rows))
    return act.number


def tell_figures(rows: pl.DataFrame, *, by: Person, reason: str, once: str | None = None) -> int:
    """Add figures of others, known from now on; those that were told before are left out. The number of the act.

    Raises
    ------
    NothingNew
        All of them were told before; nothing is written.
    """
    schema = ON_DISK["external_figure"]
    with writing("figures_told", by=by, about="figures", reason=reason, once=once) as act:
        read = latest(rows, schema)
        there = latest(as_frame("external_figure", ExternalFigure.objects.all()), schema)
        said = [name for name in schema.column_names() if name != "known_at"]
        new = read.join(there, on=said, how="anti", nulls_equal=True)
        if new.is_empty():
            raise NothingNew
        act.tell("external_figure", new)
        act.after = {"rows": new.height, "told_before": read.height - new.height}
    return act.number


def hand_in(*, by: Person, file: str, digest: str, reason: str, once: str | None = None) -> int:
    """Hand in a dataset that lies in the store; a job reads it. The number of the act, which is that of the intake."""
    with writing("dataset_handed_in", by=by, about="dataset", reason=reason, once=once) as act:
        act.about = f"dataset:{act.number}"
        act.after = {"file": file, "sha256": digest}
        Intake.objects.create(act=act.number, file=file, digest=digest)
        read_dataset.enqueue(act.number)
    return act.number


def want(intake: Intake, *, by: Person, reason: str, once: str | None = None) -> int:
    """Have a dataset that was read taken in by a job; the number of the act. One with judgements in it is proposed
    instead: they hold once another person approves it.

    Raises
    ------
    TooLate
        It is not read yet, failed, or is wanted or taken in already.
    """
    judged = judged_in(intake)
    with writing("dataset_wanted", by=by, about=f"dataset:{intake.act}", reason=reason, once=once) as act:
        if judged:
            act.name = "dataset_proposed"
            _go(intake.act, Step.READ, Step.PROPOSED)
            content = {"dataset": intake.act, "file": intake.file, "rows": judged}
            put_forward(act, kind=DATASET, about=f"dataset:{intake.act}", content=content, by=by, reason=reason)
            act.after = {"file": intake.file}
        else:
            _go(intake.act, Step.READ, Step.WANTED)
            take_in_dataset.enqueue(intake.act, by.code, reason)
    return act.number


def judged_in(intake: Intake) -> dict[str, int]:
    """The tables of judgements in a dataset that another person must approve, each with its number of rows."""
    return {name: rows for name, rows in intake.rows.items() if name in POLICY and rows}


def begin(dataset: int, *, by: Person, reason: str) -> None:
    """Let the job begin of a dataset that was approved, in the act of who approved it."""
    _go(dataset, Step.PROPOSED, Step.WANTED)
    take_in_dataset.enqueue(dataset, by.code, reason)


def let_wait(dataset: int) -> None:
    """Put a dataset back that was not approved."""
    _go(dataset, Step.PROPOSED, Step.READ)


def _go(dataset: int, before: Step, after: Step) -> None:
    if not Intake.objects.filter(act=dataset, step=before).update(step=after):
        raise TooLate(f"Dataset {dataset} is not {before}.")


def new_rows(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not in the database yet, equal ones left out.

    Raises
    ------
    TooLate
        A row has the key and the moment of one that is there, and says something else.
    """
    if not TOLD[table].objects.exists():
        return rows
    there = rows_until(table).drop("act")
    columns, key = ON_DISK[table].column_names(), ON_DISK[table].primary_key()
    new = rows.select(columns).join(there, on=columns, how="anti", nulls_equal=True)
    other = new.join(there, on=key, how="semi")
    if other.height:
        raise TooLate(f"{table}: {other.height} rows say something else than those with the same key and moment")
    return new
