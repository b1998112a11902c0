"""Cure against care is decided once: whoever tells of it tells the same needs."""

import csv
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

import country_once
from dijk import runs
from dijk.account import drift
from dijk.desk.app import run_command
from dijk.desk.report import pages
from dijk.policy import Policy
from dijk.report import Report
from dijk.report.pages import figures
from small import AS_OF, TODAY, registers, rule

LOUD = "face_shield"
"""The one need of which the alarm is set apart: so wide that it never alarms, or so narrow that it does."""


def flow(**met: float | None) -> pl.DataFrame:
    """Share of the need met in groups of sectors, for the need of the small world."""
    rows = [{"need": "mask", "sector": sector, "region": "all", "need_met": share} for sector, share in met.items()]
    return pl.DataFrame(rows, schema_overrides={"need_met": pl.Float64})


def test_care_behind_cure_by_more_than_the_policy_allows_is_an_alarm():
    policy = Policy.of(registers() | {"policy_rule": rule("drift_alarm", 0.3)}).known(AS_OF)
    near, far = (drift(flow(cure=0.9, care=care), policy, today=TODAY) for care in (0.7, 0.5))
    assert near.select("alarm", "limit").rows() == [(False, 0.3)]
    assert far.select("alarm", pl.col("gap").round(9)).rows() == [(True, 0.4)]


def test_without_norm_use_in_one_of_them_no_alarm_is_known():
    policy = Policy.of(registers()).known(AS_OF)
    assert drift(flow(cure=0.9, care=None), policy, today=TODAY)["alarm"].to_list() == [None]


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0.0, pytest.param(0.95, marks=pytest.mark.long)])
def test_summary_report_json_and_replay_show_the_same_alarms(limit, tmp_path, capsys):
    data, kept = tmp_path / "country", tmp_path / "monday"
    shutil.copytree(country_once.commanded() / "country", data)
    told_apart(data / "policy_rule.apart.csv", limit)
    assert run_command(["plan", str(data), "-o", str(kept), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["summary"]["need"]
    from_json = {row["need"] for row in said if row["drifts"]}
    assert (LOUD in from_json) == (limit == 0)
    assert from_json - {LOUD}  # the limit of the others stands
    assert from_json == set(runs.read_run(kept).plan.drift.filter("alarm")["need"])
    assert {row["name_en"] for row in said if row["drifts"]} == of_report(
        pages(kept, previous=None, interim=False, next_report=None)
    )
    assert run_command(["replay", str(kept)]) == 0


def told_apart(path: Path, limit: float) -> None:
    """A file with a rule for one need."""
    row = {"known_at": "2020-04-20T08:00:00Z", "valid_from": "2020-04-20", "basis": "test", "source": "test"}
    row |= {"how": "counted", "set_by": "test", "rule": "drift_alarm", "need": LOUD, "sector": "all", "region": "all"}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*row, "value"])
        writer.writeheader()
        writer.writerow(row | {"value": str(limit)})


def of_report(report: Report) -> set[str]:
    """The English names of the needs that the table beside the chart of the report marks."""
    drawn = [figure for chapter in report.chapters for block in chapter.blocks for figure in figures(block)]
    table = next(figure.table for figure in drawn if figure.ref == "F3.1")
    return {row[0].value.en for row in table.rows if row[-1].value == "alarm"}
