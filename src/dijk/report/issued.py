"""What is told of a report when it is issued as an act: its number, the log behind it, and what it corrects. It lies
beside the report as a file, so that the same bytes can be made at a desk.
"""

import datetime as dt
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Corrected:
    """The report that another one corrects: its number, its moment, and why."""

    number: int
    as_of: dt.datetime
    why: str


@dataclass(frozen=True)
class Issued:
    """What a report is told beside its run.

    Attributes
    ----------
    number
        Its own, by which letters name it.
    act, seal
        The last act of the log when it was asked for, and that act's seal: who keeps the report can tell a log that
        was written anew.
    interim
        Whether it comes before its day.
    missing
        What an interim report lacks, in the words of who issues it; empty where nothing was said.
    next_report
        When the next one comes, on the clock of its readers; None is as `About` has it.
    previous
        The run of the report that came before it; None where there is none.
    alone
        Urgent releases by one person alone at which nobody else had looked when it was asked for.
    corrects
        The report in the place of which it comes; None for the first of its day.
    """

    number: int
    act: int
    seal: str
    interim: bool = False
    missing: str = ""
    next_report: dt.datetime | None = None
    previous: str | None = None
    alone: int = 0
    corrects: Corrected | None = None


def to_json(issued: Issued) -> bytes:
    """As a file; the same told gives the same bytes."""
    said = asdict(issued)
    return json.dumps(said, indent=1, default=lambda moment: moment.isoformat(), ensure_ascii=False).encode() + b"\n"


def from_json(content: bytes) -> Issued:
    """What a file of `to_json` tells.

    Raises
    ------
    ValueError
        It is no such file.
    """
    try:
        said = json.loads(content)
        told = said["corrects"]
        corrects = told and Corrected(int(told["number"]), dt.datetime.fromisoformat(told["as_of"]), str(told["why"]))
        coming = said["next_report"]
        return Issued(
            number=int(said["number"]),
            act=int(said["act"]),
            seal=str(said["seal"]),
            interim=bool(said["interim"]),
            missing=str(said["missing"]),
            next_report=coming and dt.datetime.fromisoformat(coming),
            previous=said["previous"],
            alone=int(said.get("alone", 0)),  # reports from before it was told have none
            corrects=corrects,
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise ValueError("not what was told of a report") from wrong
