"""A division: proposed by one planner, checked by the regions, released by another, and seen by nobody before."""

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from dijk import runs
from dijk.allocate.adjust import CHANGE, adjust
from dijk.allocate.claims import CLAIM
from dijk.desk.app import run_command
from dijk_web import chain, dividing, store
from dijk_web.actions import deciding
from dijk_web.actions import dividing as act
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.models import Act, Answer, Division, Move, PastAward, Proposal, RegionCheck
from dijk_web.of_site import as_frame
from four_people import browser, person
from killed import killed
from telling_forms import hidden

pytestmark = pytest.mark.slow


def since(divided: Any) -> Sent:
    return Sent(None, dividing.last_move(divided.division, divided.home.region))


def two(divided: Any, more: int = 1, region: str | None = None, **other: Any) -> pl.DataFrame:
    """Packs of the claim that gets most moved to the next one of the same article, holder and fence in a region: that
    of the home, where no other is named.
    """
    part = dividing.Part.of(divided.division, region or divided.home.region)
    told = part.claim.select(*CLAIM, "product", "fence", "reserve").join(part.award.select(*CLAIM, "packs"), on=CLAIM)
    told = told.filter(pl.col("need").is_in(part.to_check()["need"].implode())).sort("packs", descending=True)
    inside = ("need", "holder", "product", "fence", "reserve")
    first = next(rows for _key, rows in told.group_by(inside, maintain_order=True) if rows.height > 1).head(2)
    moved = first.with_columns(packs=pl.col("packs") + pl.Series([-more, more]), reason=pl.lit("outbreak"))
    return moved.with_columns(**{name: pl.lit(value) for name, value in other.items()}).select(*CHANGE).cast(CHANGE)


def moved(divided: Any, changes: pl.DataFrame | None = None) -> act.Moved:
    changes = two(divided) if changes is None else changes
    return act.move(divided.division, divided.home.region, changes, by=divided.ravi, sent=since(divided))


def answered(divided: Any, said: Answer = Answer.ACCEPTED) -> int:
    region = divided.home.region
    return act.answer(divided.division, region, said, by=divided.ravi, why="seen", sent=since(divided))


def released(divided: Any, *, by: Any = None) -> int:
    divided.now.return_value = divided.division.check_by
    return deciding.approve(divided.proposal, by=by or divided.pia, why="in time", sent=Sent(None, 0))


def awarded() -> pl.DataFrame:
    return as_frame("past_award", PastAward.objects.all()).sort(*CLAIM, "product")


def text(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def test_what_a_region_moves_is_released_as_it_said_and_the_stored_division_stays(divided: Any) -> None:
    stored = store.table(str(divided.run.code), "award")
    changes = two(divided)
    assert moved(divided, changes).refused.is_empty() and answered(divided)
    assert not PastAward.objects.exists()
    with pytest.raises(act.StillChecking):
        deciding.approve(divided.proposal, by=divided.pia, why="quick", sent=Sent(None, 0))
    assert not PastAward.objects.exists() and Proposal.objects.get(act=divided.division.act).is_open
    number = released(divided)
    told, log = awarded(), Act.objects.get(number=number)
    assert set(PastAward.objects.values_list("act", flat=True)) == {number} and log.name == "proposal_approved"
    claim, lines = (store.table(str(divided.run.code), name) for name in ("claim", "award_line"))
    assert told.equals(adjust(stored, changes, claim=claim, award_line=lines).award.sort(*CLAIM, "product"))
    assert (
        told.filter(pl.col("changed_packs") != 0)
        .select("site", "packs", "change_reason")
        .sort("site")
        .equals(changes.select("site", "packs", change_reason="reason").sort("site"))
    )
    assert store.table(str(divided.run.code), "award").equals(stored)
    assert (
        told.group_by("product")
        .agg(pl.col("packs").sum())
        .sort("product")
        .equals(stored.group_by("product").agg(pl.col("packs").sum()).sort("product"))
    )


def test_the_adjusted_list_of_a_region_is_that_of_the_command_line_byte_for_byte(
    divided: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three regions, each of which moved packs in the tower: the same changes by ``dijk adjust`` on the stored run."""
    part = dividing.Part.of(divided.division)
    regions = (
        part.to_check().group_by("region").len().sort("len", "region", descending=True)["region"].head(3).to_list()
    )
    changes = {region: two(divided, region=region) for region in regions}
    assert len(changes) == 3
    for region, rows in changes.items():
        by = person(f"of-{region.lower()}"[:12], role="coordinator", region=region)
        since = Sent(None, dividing.last_move(divided.division, region))
        assert act.move(divided.division, region, rows, by=by, sent=since).refused.is_empty()
    monkeypatch.chdir(tmp_path)
    pl.concat(changes.values()).write_csv("moved.csv")
    assert run_command(["adjust", f"runs/{divided.run.code}", "moved.csv", "-o", "adjusted"]) == 0
    made = runs.read_run(Path("adjusted")).plan
    for region in regions:
        there = dividing.as_moved(divided.division, region)
        assert there.award.filter(pl.col("changed_packs") != 0).height == 2
        own = made.award.filter(pl.col("region") == region)
        assert own.write_csv() == there.award.write_csv()
        lines = made.award_line.filter(pl.col("site").is_in(own["site"].implode()))
        asked = there.award_line.filter(pl.col("site").is_in(own["site"].implode()))
        assert lines.write_csv() == asked.write_csv()


def test_one_person_cannot_propose_and_release_in_whatever_role(divided: Any) -> None:
    assert Act.objects.get(number=released(divided, by=divided.pim)).name == "own_proposal_tried"
    assert not PastAward.objects.exists()
    for role in ("coordinator", "official", "expert", "auditor", "buyer", "institution", "administrator"):
        divided.pim.role, divided.pim.directorate, divided.pim.region = role, "GMT", divided.home.region
        with pytest.raises(PermissionDenied):
            deciding.approve(divided.proposal, by=divided.pim, why="x", sent=Sent(None, 0))
        with pytest.raises(PermissionDenied):
            act.propose_division(divided.run, by=divided.pim, reason="x", sent=Sent(None, 0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(act=divided.division.act).update(state="approved", ended_act=1, ended_by="p-pim")


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"packs": 10**6}, "total"),
    ({"site": "S99999"}, "no_such_claim"),
    ({"reason": " "}, "no_reason"),
    ({"packs": -1}, "below_zero"),
)


def test_what_may_not_stand_is_refused_row_by_row_and_nothing_of_that_need_is_taken(divided: Any) -> None:
    before = Act.objects.count()
    for other, why in REFUSED:
        done = moved(divided, two(divided, **other))
        assert done.act is None and why in set(done.refused["why"])
    assert not Move.objects.exists() and Act.objects.count() == before


def test_a_need_that_goes_out_direct_is_not_moved_and_the_others_are(divided: Any) -> None:
    part = dividing.Part.of(divided.division, divided.home.region)
    direct = part.award.filter(pl.col("route") == "direct").head(1)
    more = direct.select(*CLAIM, "packs", reason=pl.lit("want more")).cast(CHANGE)
    done = moved(divided, pl.concat([two(divided), more]))
    assert done.act and done.refused.select("need", "why").rows() == [(direct["need"][0], act.DIRECT)]
    assert {row.need for row in Move.objects.all()} == set(two(divided)["need"])


def test_asked_back_or_silent_where_that_means_hold_is_not_released_and_is_given_by_the_next(divided: Any) -> None:
    region, asked = divided.home.region, RegionCheck.objects.filter(division=divided.division.act)
    other = asked.exclude(region=region).first()
    RegionCheck.objects.filter(pk=other.pk).update(silence="hold")
    answered(divided, Answer.ASKED_BACK)
    mila, home = browser(divided.mila), divided.home.site
    released(divided)
    checked = awarded().filter(route="regional_check")
    assert {region, other.region}.isdisjoint(checked["region"]) and checked.height
    assert set(awarded().filter(route="direct")["region"]) >= {region}
    told = text(mila, f"/sites/{home}/why/")
    assert "Not released in your region" in told and "?run=" in told
    assert "claims nothing of this need" in text(mila, f"/sites/{home}/why/?need=gown")


def test_silence_means_what_the_rule_said_when_it_was_proposed(planned: Any) -> None:
    from dijk_web.actions.planning import publish
    from dijk_web.actions.writing import writing

    said = {"rule": "silence_means", "need": "all", "sector": "all", "basis": "-", "source": "-", "how": "assumed"}
    with writing("registers_told", by=planned.pim, about="registers") as told:
        day = planned.run.as_of.date()
        row = said | {"region": planned.home.region, "word": "hold", "valid_from": day, "set_by": "GMT"}
        told.tell("policy_rule", [row])
    publish(planned.run, by=planned.pim, reason="Monday")
    number = act.propose_division(planned.run, by=planned.pim, reason="Monday", sent=Sent(None, 0))
    means = dict(RegionCheck.objects.filter(division=number).values_list("region", "silence"))
    assert means.pop(planned.home.region) == "hold" and set(means.values()) == {"accept"}
    assert Division.objects.get(act=number).check_by == planned.now.return_value + dt.timedelta(days=1)
    page = text(browser(planned.ravi), f"/divisions/{number}/{planned.home.region}/")
    assert "If it stays silent, its part is held back." in page


def test_accepting_or_moving_after_the_release_is_too_late_and_says_so(divided: Any) -> None:
    region, ravi = divided.home.region, browser(divided.ravi)
    address = f"/divisions/{divided.division.act}/{region}/"
    form = hidden(text(ravi, address))
    before = since(divided)
    released(divided)
    with pytest.raises(TooLate):
        act.move(divided.division, region, two(divided), by=divided.ravi, sent=before)
    late = ravi.post(address, form | {"step": "accepted", "why": ""})
    assert late.status_code == 409 and "Somebody else was first" in late.content.decode()
    assert "<p>released</p>" in late.content.decode()
    assert RegionCheck.objects.get(region=region).answer == Answer.WAITING
    with pytest.raises(TooLate):
        act.propose_division(divided.run, by=divided.pia, reason="again", sent=Sent(None, 0))


def test_only_the_region_itself_moves_and_answers(divided: Any) -> None:
    other = RegionCheck.objects.exclude(region=divided.home.region).first().region
    for by in (divided.pim, divided.mila, divided.eva, person("sita", role="coordinator", region=other)):
        for attempt in (
            lambda by=by: act.move(divided.division, divided.home.region, two(divided), by=by, sent=since(divided)),
            lambda by=by: act.answer(
                divided.division, divided.home.region, Answer.ACCEPTED, by=by, why="x", sent=since(divided)
            ),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
    assert not Move.objects.exists() and not RegionCheck.objects.exclude(answer=Answer.WAITING).exists()


def test_two_who_move_the_same_need_do_not_both_win_and_no_move_is_changed(divided: Any) -> None:
    before = since(divided)
    moved(divided)
    with pytest.raises(TooLate):
        act.move(divided.division, divided.home.region, two(divided, 1), by=divided.ravi, sent=before)
    for change in (lambda: Move.objects.update(packs=0), lambda: Move.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# The pages


def test_a_coordinator_moves_by_typing_undoes_and_moves_by_workbook(divided: Any) -> None:
    region, ravi = divided.home.region, browser(divided.ravi)
    changes = two(divided)
    need = changes["need"][0]
    address = f"/divisions/{divided.division.act}/{region}/{need}/"
    page = text(ravi, address)
    typed = {"packs|" + "|".join(row[:4]): str(row[4]) for row in changes.select(*CLAIM, "packs").iter_rows()}
    assert all(f'name="{name}"' in page for name in typed)
    wrong = ravi.post(address, hidden(page) | dict(list(typed.items())[:1]) | {"reason": "outbreak", "step": "move"})
    assert wrong.status_code == 422 and "Changes that move the region&#x27;s total" in wrong.content.decode()
    assert not Move.objects.exists()
    assert ravi.post(address, hidden(page) | typed | {"reason": "outbreak", "step": "move"}).status_code == 302
    shown = text(ravi, address)
    assert shown.count("outbreak") == 2 and "by the plan" in shown
    assert ravi.post(address, hidden(shown) | {"reason": "a mistake", "step": "undo"}).status_code == 302
    assert dividing.as_moved(divided.division, region).effect.is_empty()

    book = ravi.get(f"/divisions/{divided.division.act}/{region}.xlsx").content
    back = ravi.post(
        f"/divisions/{divided.division.act}/{region}/",
        hidden(text(ravi, f"/divisions/{divided.division.act}/{region}/"))
        | {"form": "book", "file": SimpleUploadedFile("r.xlsx", filled(book, changes))},
    )
    assert back.status_code == 302, back.content.decode()
    effect = dividing.as_moved(divided.division, region).effect
    part = dividing.Part.of(divided.division, region)
    direct = part.award.filter(pl.col("route") == "direct").head(1)
    more = direct.select(*CLAIM, packs=pl.col("packs") + 1, reason=pl.lit("want more")).cast(CHANGE)
    again = ravi.post(
        f"/divisions/{divided.division.act}/{region}/",
        hidden(text(ravi, f"/divisions/{divided.division.act}/{region}/"))
        | {"form": "book", "file": SimpleUploadedFile("r.xlsx", filled(book, pl.concat([changes, more])))},
    )
    assert again.status_code == 422 and "A need that its region does not check" in again.content.decode()
    assert (
        effect.select(*CLAIM, "packs_after")
        .cast({"holder": pl.String})
        .sort(*CLAIM)
        .equals(changes.select(*CLAIM, packs_after="packs").sort(*CLAIM))
    )


def filled(book: bytes, changes: pl.DataFrame) -> bytes:
    """A region's workbook with new packs and reasons on the rows of some changes."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened.worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Site code")
    place = {cell.value: cell.column for cell in head}
    told = {tuple(row[:4]): row[4:] for row in changes.iter_rows()}
    names = {"warehouse": "warehouse", "regional hub": "regional_hub"}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        own = [sheet.cell(row, place[name]).value for name in ("Site code", "Need code", "Class code", "Sent from")]
        if (said := told.get((*own[:3], names.get(own[3], own[3])))) is not None:
            sheet.cell(row, place["New packs"]).value, sheet.cell(row, place["Reason for the change"]).value = said
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def test_before_the_release_no_receiver_and_no_other_region_sees_an_award_or_a_move(divided: Any) -> None:
    moved(divided)
    number, region, home = divided.division.act, divided.home.region, divided.home.site
    other = RegionCheck.objects.exclude(region=region).first().region
    sita = browser(person("sita", role="coordinator", region=other))
    for address in (
        f"/divisions/{number}/{region}/",
        f"/divisions/{number}/{region}/gown/",
        f"/divisions/{number}/{region}.xlsx",
    ):
        text(sita, address, 404)
        text(browser(divided.eva), address, 404)
        text(browser(divided.mila), address, 403)
        assert browser(divided.ravi).get(address).status_code == 200
    mila = browser(divided.mila)
    assert "Being divided, expected on 28 April 2020" in text(mila, f"/sites/{home}/why/?need=gown")
    for what in ("run", "dataset"):
        text(mila, f"/runs/{divided.run.act}/{what}.zip", 404)
    assert "A division is being made" in text(mila, "/") and "You get" not in text(mila, "/")
    answered(divided)
    for other_reader in (sita, browser(divided.eva)):
        shown = text(other_reader, f"/divisions/{number}/")
        assert ". seen" not in shown and '<td class="num">2</td>' not in shown and "accepted" in shown
    assert '<td class="num">2</td>' in text(browser(divided.pim), f"/divisions/{number}/")
    released(divided)
    page = text(mila, f"/sites/{home}/why/?need=gown")
    assert "Released: this is what you get." in page and "Dealt again" in page and "You get" in text(mila, "/")


def test_a_division_is_overtaken_once_a_later_one_was_released(divided: Any) -> None:
    """The goods that it gives may have gone with that."""
    later = {"act": 10**6, "ended_act": 10**6, "state": "approved", "by": "p-x", "ended_by": "p-y", "kind": "division"}
    said = {"about": "run:9", "content": {}, "rests_on": 0, "role": "planner", "proposed_at": divided.now.return_value}
    Proposal.objects.create(**later, **said)
    Division.objects.create(act=10**6, run=9, check_by=divided.now.return_value)
    assert Act.objects.get(number=released(divided)).name == "proposal_overtaken"
    assert not PastAward.objects.exists()


RACER = """
import sys
from dijk_web.opening import open_tower
open_tower()
from dijk_web.actions import deciding
from dijk_web.actions import dividing as act
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.models import Division, Person, Proposal
import polars as pl
what, number, region, since, site, packs = sys.argv[1], int(sys.argv[2]), *sys.argv[3:4], int(sys.argv[4]), *sys.argv[5:7]
print("ready", flush=True)
sys.stdin.readline()
try:
    if what == "move":
        rows = pl.read_json(sys.argv[5]).cast({"packs": pl.Int64})
        done = act.move(Division.objects.get(act=number), region, rows, by=Person.objects.get(code="p-ravi"), sent=Sent(None, since))
        print("won" if done.act else "refused")
    else:
        deciding.approve(Proposal.objects.get(act=number), by=Person.objects.get(code="p-pia"), why="x", sent=Sent(None, 0))
        print("won")
except TooLate:
    print("late")
"""


def test_of_two_movers_and_a_release_at_once_packs_are_conserved_and_one_mover_wins(
    divided: Any, surroundings: dict[str, str], tmp_path: Any
) -> None:
    changes = two(divided)
    (tmp_path / "moves.json").write_text(changes.write_json(), "utf-8")
    region, number = divided.home.region, divided.division.act
    clock = surroundings | {"DIJK_CLOCK": divided.division.check_by.strftime("%Y-%m-%dT%H:%M:%SZ")}
    words = [str(number), region, str(number), str(tmp_path / "moves.json"), "-"]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, what, *words],
            env=clock,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for what in ("move", "move", "release")
    ]
    for one in racers:
        assert one.stdout.readline() == "ready\n"
    for one in racers:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=120)[0].strip() for one in racers]
    assert said[2] == "won" and sorted(said[:2]) in (["late", "won"], ["late", "late"]), said
    stored, told = store.table(str(divided.run.code), "award"), awarded()
    for rows in (stored, told):
        assert rows["packs"].sum() == stored["packs"].sum()
    changed = told.filter(pl.col("changed_packs") != 0).height
    assert changed == (2 if "won" in said[:2] else 0)


RELEASING = """
from dijk_web.actions import deciding
from dijk_web.actions.telling import Sent
from dijk_web.models import Person, Proposal

def do():
    one = Proposal.objects.open().get(kind="division")
    deciding.approve(one, by=Person.objects.get(code="p-pia"), why="in time", sent=Sent(None, 0))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no processes to fork")
@pytest.mark.parametrize("times", [6, pytest.param(50, marks=pytest.mark.long)])
def test_a_release_that_is_killed_is_there_whole_or_not_at_all(
    divided: Any, surroundings: dict[str, str], times: int
) -> None:
    wanted = dividing.going(divided.division, dividing.as_moved(divided.division).award)

    def whole(done: bool) -> bool:
        proposal = Proposal.objects.get(act=divided.division.act)
        told = awarded()
        assert proposal.is_open != bool(told.height) and not (done and proposal.is_open)
        acts = Act.objects.filter(name="proposal_approved").count()
        assert acts == (0 if proposal.is_open else 1)
        assert proposal.is_open or int(told["packs"].sum()) == int(wanted["packs"].sum())
        return bool(proposal.is_open)

    env = surroundings | {"DIJK_CLOCK": divided.division.check_by.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert killed(RELEASING, env, times, whole) > 0
    if Proposal.objects.get(act=divided.division.act).is_open:
        released(divided)
    assert awarded().height == wanted.height and chain.broken_acts() == []
