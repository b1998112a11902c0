"""A dataset of the past: handed in as a ZIP, read by the worker, looked at, and taken in by it in one act, once."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dijk.files import write_folder
from dijk_web.bridge import dataset_until
from dijk_web.jobs import take_in_dataset
from dijk_web.models import Act, Intake, Proposal, Step
from dijk_web.worker import work_off
from four_people import browser, person
from telling_forms import hidden

REGIONS = "region,scheme,name,source\nnorth,roaz,North,test\nsouth,roaz,South,test\n"
IN_IT = ["north", "south", "unknown"]
"""Where the region is not known is a region too."""


SCOPE = (
    "need,state,action,valid_from,basis,source,how,set_by,known_at\n"
    "gown,listed,buying,2020-03-01,law,minutes,counted,GMT,2020-03-01T10:00:00Z\n"
)


@pytest.fixture
def planner(tower: Any, settings: Any, tmp_path: Path) -> Any:
    """A planner in an empty tower."""
    settings.DATA = tmp_path
    return browser(person("pim", role="planner"))


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def handed_in(client: Any, content: bytes, once: str = "a" * 32) -> Any:
    file = SimpleUploadedFile("country.zip", content)
    return client.post("/datasets/", {"file": file, "reason": "Spring", "once": once})


def decided(official: Any, step: str) -> Any:
    """What an official decides on the one proposal, by its page."""
    address = f"/proposals/{Proposal.objects.latest('act').act}/"
    return official.post(address, {**hidden(official.get(address).content.decode()), "step": step, "why": "Seen."})


def test_a_dataset_with_judgements_waits_for_another_and_waits_again_after_a_no(planner: Any) -> None:
    official = browser(person("noor", role="official", directorate="GMT"))
    address = handed_in(planner, zipped({"region.csv": REGIONS, "scope.csv": SCOPE})).headers["location"]
    work_off()
    assert "There are judgements in it" in planner.get(address).content.decode()
    for once, step, then in (("b", "refuse", Step.READ), ("c", "approve", Step.TAKEN)):
        assert planner.post(f"{address}take/", {"reason": "The spring.", "once": once * 32}).status_code == 302
        assert the_one().step == Step.PROPOSED
        own = f"/proposals/{Proposal.objects.latest('act').act}/"
        assert (
            'value="approve"' not in planner.get(own).content.decode()
            and "country.zip" in official.get(own).content.decode()
        )
        assert (
            official.get(address).status_code == 200 and 'name="reason"' not in official.get(address).content.decode()
        )
        decided(official, step)
        work_off()
        assert the_one().step == then
    assert dataset_until(99)["scope"].height == 1


def the_one() -> Intake:
    return Intake.objects.get()


def test_a_dataset_is_read_looked_at_and_taken_in_by_one_act(planner: Any) -> None:
    done = handed_in(planner, zipped({"country/region.csv": REGIONS, "__MACOSX/country/._region.csv": "x"}))
    address = done.headers["location"]
    assert "waits to be read" in planner.get(address).content.decode()
    work_off()
    page = planner.get(address).content.decode()
    assert "read, not taken in" in page and '<th scope="row">region</th><td class="num">3</td>' in page
    assert not dataset_until(99)
    wanted = {"reason": "It is right.", "once": "b" * 32}
    assert [planner.post(f"{address}take/", wanted).status_code for _ in range(2)] == [302, 302]
    work_off()
    one, act = the_one(), Act.objects.latest("number")
    assert (one.step, one.taken_by, act.name, act.about) == (
        Step.TAKEN,
        act.number,
        "dataset_taken_in",
        f"dataset:{one.act}",
    )
    assert dataset_until(act.number)["region"]["region"].to_list() == IN_IT
    assert "dataset taken in" in planner.get(address).content.decode()
    late = planner.post(f"{address}take/", {"reason": "Again.", "once": "c" * 32})
    assert late.status_code == 409 and Act.objects.count() == 3


def test_a_job_that_is_done_twice_adds_its_rows_once(planner: Any) -> None:
    handed_in(planner, zipped({"region.csv": REGIONS}))
    work_off()
    planner.post(f"/datasets/{the_one().act}/take/", {"reason": "Right.", "once": "b" * 32})
    for _ in range(2):
        take_in_dataset.call(the_one().act, "p-pim", "Right.")
    assert Act.objects.filter(name="dataset_taken_in").count() == 1 and the_one().step == Step.TAKEN


def test_what_is_wrong_stands_at_its_row_and_nothing_can_be_taken_in(planner: Any) -> None:
    address = handed_in(planner, zipped({"region.csv": REGIONS + "west,roza,West,test\n"})).headers["location"]
    work_off()
    page = planner.get(address).content.decode()
    assert (
        "failed" in page
        and "roza" in page
        and '<td class="num" data-label="Row">4</td>' in page
        and "Take it in" not in page
    )
    assert planner.post(f"{address}take/", {"reason": "Yet.", "once": "b" * 32}).status_code == 409


def test_rows_that_say_something_else_are_refused_in_the_language_of_the_reader(planner: Any) -> None:
    for once, name in (("a", "North"), ("c", "Nord")):
        content = zipped({"region.csv": REGIONS.replace("North", name)})
        address = handed_in(planner, content, once * 32).headers["location"]
        work_off()
        planner.post(f"{address}take/", {"reason": "Right.", "once": chr(ord(once) + 1) * 32})
        work_off()
    page = planner.get(address, headers={"accept-language": "nl"}).content.decode()
    assert Intake.objects.get(act=int(address.split("/")[2])).step == Step.FAILED
    assert "dezelfde sleutel" in page and '<p class="hush" lang="en">' in page and "TooLate" in page
    assert dataset_until(99)["region"].filter(region="north")["name"].to_list() == ["North"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no zip", "no ZIP"),
        (zipped({"a/region.csv": REGIONS, "b/region.csv": REGIONS}), "the same name"),
    ],
)
def test_what_is_no_dataset_is_refused_at_once(planner: Any, content: bytes, said: str) -> None:
    answer = handed_in(planner, content)
    assert answer.status_code == 422 and said in answer.content.decode() and not Intake.objects.exists()


def test_no_path_in_a_zip_leads_out_of_its_folder(planner: Any, tmp_path: Path) -> None:
    handed_in(planner, zipped({"../../region.csv": REGIONS}))
    work_off()
    assert the_one().rows == {"region": 3} and not list(tmp_path.parent.glob("region.csv"))


@pytest.mark.slow
def test_the_example_as_it_is_downloaded_comes_back_row_for_row(planner: Any, tmp_path: Path) -> None:
    import country_once

    tables = country_once.tables()
    write_folder(tables, tmp_path / "data", form="parquet")
    files = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    address = handed_in(planner, zipped(files)).headers["location"]
    work_off()
    planner.post(f"{address}take/", {"reason": "The spring.", "once": "b" * 32})
    work_off()
    assert not dataset_until(99) and "waits for another person" in planner.get(address).content.decode()
    official = browser(person("noor", role="official", directorate="GMT"))
    decided(official, "approve")
    work_off()
    assert planner.get(f"/acts/{the_one().taken_by}/").status_code == 404  # no page holds a country
    there = dataset_until(int(the_one().taken_by or 0))
    assert {name: table.height for name, table in there.items()} == {n: t.height for n, t in tables.items() if t.height}
