"""The whole way, as a person goes it: example, check, plan, report and replay by the command line, against stored
figures.

When a figure changes on purpose, ``python tests/test_story.py`` stores the new ones; the commit then says which and
why.
"""

import contextlib
import io
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

import country_once
from dijk import runs
from dijk.desk.app import run_command

SOCKETS = ("socket", "create_connection", "getaddrinfo", "gethostbyname")
"""Ways to another machine; none opens while the story is lived."""

STORED = Path(__file__).parent / "cases" / "story.json"

MEANING = {
    "as_of": "the moment the plan speaks from: the newest in the data",
    "scarce": "needs that are scarce, the shortest cover first",
    "alarm": "needs that are short or listed while no action runs",
    "asked": "sites that were asked for their stock",
    "silent": "of which did not answer in time",
    "gown_cover_days": "days that known stock of gowns lasts at the norm use it serves",
    "gown_unknown_share": "share of the norm use of gowns at sites whose stock nobody knows",
    "gown_level_days": "days of cover up to which gowns are shared: the lowest and the highest of the published levels",
    "gown_pieces": "gowns awarded, in whole packs",
    "gown_met_cure": "gowns delivered in cure over norm use, by all channels",
    "gown_met_care": "the same in care",
    "base_cents": "money to buy for base, net of what is on its way, euro cents",
    "max_cents": "the same at maximum",
    "warnings": "findings that want a reason",
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The figures that the first half of the story gives; it goes on in a copy of its folder, and without a socket."""
    lived = country_once.once("story", live)
    here = shutil.copytree(lived, tmp_path_factory.mktemp("story"), dirs_exist_ok=True)
    with contextlib.chdir(here), without_a_socket():
        yield json.loads(Path("figures.json").read_text(encoding="utf-8"))


def live(folder: Path) -> None:
    """The first half of the story, lived in a folder of its own."""
    folder.mkdir()
    with contextlib.chdir(folder), without_a_socket():
        Path("figures.json").write_text(json.dumps(figures_of_a_plan()), encoding="utf-8")


@contextlib.contextmanager
def without_a_socket() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as without:
        for name in SOCKETS:
            without.setattr(socket, name, refused)
        yield


def refused(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a run asked for the network")


def test_the_whole_story_is_lived_without_a_socket(figures):
    for name in SOCKETS:
        with pytest.raises(AssertionError, match="asked for the network"):
            getattr(socket, name)()


@pytest.mark.slow
def test_from_nothing_to_the_plan_the_figures_are_the_stored_ones(figures):
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert {name: (figures[name], MEANING[name]) for name in MEANING} == {
        name: (stored[name], MEANING[name]) for name in MEANING
    }


@pytest.mark.slow
def test_the_report_of_that_plan_comes_in_every_form_and_language(figures):
    said, number = captured(["report", "run", "-o", "report", "--json"]), runs.read_manifest(Path("run"))["run"]
    assert {Path(path).name for path in said["files"]} >= {
        f"report.{number}.{lang}.{form}" for lang in ("nl", "en") for form in ("html", "xlsx", "pdf")
    }
    run = runs.read_run(Path("run"))
    regions = run.inputs.known().site.filter(run.inputs.known().site["kind"] == "care")["region"].unique()
    for lang, name in (("en", "Isolation gown"), ("nl", "Isolatieschort")):
        page = Path(f"report/report.{number}.{lang}.html").read_text(encoding="utf-8")
        assert name in page
        assert number in page
        assert Path(f"report/report.{number}.{lang}.pdf").read_bytes().startswith(b"%PDF-")
        assert len(list(Path(f"report/regions.{number}.{lang}").iterdir())) >= regions.len()


@pytest.mark.slow
def test_the_next_report_says_it_is_interim_and_what_changed(figures):
    captured(
        ["report", "run", "-o", "next", "--form", "html", "--lang", "en", "--previous", "run", "--interim", "--json"]
    )
    (page,) = Path("next").iterdir()
    assert "interim" in page.read_text(encoding="utf-8").lower()


@pytest.mark.slow
def test_the_plan_can_be_replayed_byte_for_byte(figures):
    assert captured(["replay", "run", "--json"]) == {"identical": True, "differences": []}


def figures_of_a_plan() -> dict[str, Any]:
    """Live the first half of the story in the working folder; the figures it gives."""
    captured(["example", "data", "--size", "small", "--seed", "1", "--json"])
    said = captured(["plan", "data", "-o", "run", "--seed", "1", "--json"])
    what = said["summary"]
    gown = next(need for need in what["need"] if need["need"] == "gown")
    award = runs.read_run(Path("run")).plan.award.filter(need="gown")
    return {
        "as_of": said["run"]["as_of"],
        "scarce": [need["need"] for need in what["need"] if need["effective"] == "scarce"],
        "alarm": [need["need"] for need in what["need"] if need["alarm"]],
        "asked": what["asked"],
        "silent": what["silent"],
        "gown_cover_days": round(gown["cover_days"], 3),
        "gown_unknown_share": round(gown["unknown_share"], 4),
        "gown_level_days": [round(gown["level_least"], 6), round(gown["level_most"], 6)],
        "gown_pieces": int((award["packs"] * award["pieces_per_pack"]).sum()),
        "gown_met_cure": round(gown["met_cure"], 4),
        "gown_met_care": round(gown["met_care"], 4),
        "base_cents": what["base_cents"],
        "max_cents": what["max_cents"],
        "warnings": said["run"]["findings"]["warning"],
    }


def captured(words: list[str]) -> Any:
    """What a command answers as JSON."""

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run_command(words) == 0
    return json.loads(out.getvalue())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        STORED.write_text(json.dumps(figures_of_a_plan(), indent=1) + "\n", encoding="utf-8")
    print(STORED.read_text(encoding="utf-8"))
