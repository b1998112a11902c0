"""Verdicts: signed by an expert alone, holding at once, objected to without changing anything."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from dijk_web.actions.talking import object_to, sign_verdict
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, as_table
from dijk_web.models import Act, Objection, Question, Verdict
from dijk_web.of_site import policy_now
from four_people import SEATS, browser
from ground import NOON, TODAY
from telling_forms import hidden

SIGN, OBJECT = "/needs/gown/verdict/", "/needs/gown/object/"
LAST = TODAY + dt.timedelta(days=40)
TYPED = {
    "verdict": "specific_shortage",
    "evidence": "Three suppliers stopped.",
    "valid_from": TODAY.isoformat(),
    "valid_to": LAST.isoformat(),
    "basis": "advice 7",
    "source": "the panel",
    "how": "estimated",
}


def filled(client: Any, address: str, **typed: str) -> Any:
    return client.post(address, hidden(client.get(address).content.decode()) | typed)


def signed(people: SimpleNamespace, since: int = 0, **other: Any) -> int:
    row = TYPED | {"need": "gown", "valid_from": TODAY, "valid_to": LAST} | other
    return sign_verdict(by=people.eva, row=row, sent=Sent(None, since))


def in_force(day: dt.date = TODAY) -> list[tuple[str, str]]:
    return policy_now().in_force("verdict", day).select(pl.col("verdict").cast(pl.String), "set_by").rows()


def test_what_an_expert_signs_holds_at_once_and_says_who_set_it(ground: SimpleNamespace) -> None:
    answer = filled(browser(ground.eva), SIGN, **TYPED)
    assert answer.status_code == 302 and answer.headers["location"] == "/needs/gown/"
    assert in_force() == [("specific_shortage", "expert")]
    act = Act.objects.get(name="verdict_signed")
    assert (act.about, act.reason, act.added["verdict"][0]) == ("need:gown", "Three suppliers stopped.", 1)
    page = browser(ground.anna).get("/needs/gown/").content.decode()
    assert "The verdict that holds" in page and "Three suppliers stopped." in page and "verdict signed" in page
    log = browser(ground.anna).get("/log/need:gown/").content.decode()
    assert "Log of Gown (gown)" in log and "specific shortage" in log


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"valid_to": ""}, "valid_to"),
        ({"valid_to": (TODAY - dt.timedelta(days=1)).isoformat()}, "valid_to"),
        ({"valid_to": TODAY.isoformat()}, "valid_to"),
        ({"valid_from": (TODAY - dt.timedelta(days=1)).isoformat()}, "valid_from"),
        ({"evidence": ""}, "evidence"),
        ({"verdict": ""}, "verdict"),
        ({"source": ""}, "source"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ground: SimpleNamespace, wrong: dict[str, str], said: str) -> None:
    answer = filled(browser(ground.eva), SIGN, **(TYPED | wrong))
    assert answer.status_code == 422 and not Verdict.objects.exists()
    assert list(answer.context["form"].errors) == [said] and f'id="id_{said}_error"' in answer.content.decode()


def test_a_later_verdict_takes_the_place_of_the_first_from_its_day(ground: SimpleNamespace) -> None:
    first = signed(ground)
    with pytest.raises(TooLate):
        signed(ground, since=first - 1)
    later = {"verdict": "no_shortage", "valid_from": TODAY + dt.timedelta(days=7)}
    signed(ground, since=first, **later)
    assert in_force()[0][0] == "specific_shortage"
    assert in_force(TODAY + dt.timedelta(days=7))[0][0] == "no_shortage"
    page = browser(ground.eva).get("/needs/gown/").content.decode()
    assert page.index("The verdict that holds") < page.index("A verdict that begins later")


def test_nobody_but_an_expert_signs_and_nobody_but_planner_and_officials_objects(ground: SimpleNamespace) -> None:
    number = signed(ground)
    for name in SEATS:
        by = getattr(ground, name)
        if name != "eva":
            with pytest.raises(PermissionDenied):
                sign_verdict(by=by, row=TYPED | {"need": "gown"}, sent=Sent(None, number))
        if name not in ("pim", "noor", "kees", "lot"):
            with pytest.raises(PermissionDenied):
                object_to(number, by=by, need="gown", text="no", sent=Sent(None, number))
    assert Verdict.objects.count() == 1 and not Objection.objects.exists()


def test_an_objection_stays_with_its_verdict_and_changes_nothing_that_holds(ground: SimpleNamespace) -> None:
    number, kees = signed(ground), browser(ground.kees)
    assert filled(kees, OBJECT, text="").status_code == 422
    assert filled(kees, OBJECT, text="The second supplier delivers.").status_code == 302
    assert in_force() == [("specific_shortage", "expert")]
    (one,) = Objection.objects.all()
    assert (one.verdict, one.need, one.role, one.directorate) == (number, "gown", "official", "CZ")
    assert Act.objects.get(number=one.act).reason == "The second supplier delivers."
    page = browser(ground.eva).get("/needs/gown/").content.decode()
    assert "official of the ministry CZ" in page and "The second supplier delivers." in page
    assert "There is an objection to the verdict" in page
    signed(ground, since=number, verdict="no_shortage")
    page = browser(ground.eva).get("/needs/gown/").content.decode()
    assert page.index("An earlier verdict") < page.index("The second supplier delivers.")
    assert "There is an objection to the verdict" not in page, "it was to the verdict before"


def test_who_objects_to_what_was_replaced_meanwhile_is_told(ground: SimpleNamespace) -> None:
    number, pim = signed(ground), browser(ground.pim)
    form = hidden(pim.get(OBJECT).content.decode())
    signed(ground, since=number, verdict="no_shortage")
    assert pim.post(OBJECT, form | {"text": "no"}).status_code == 409 and not Objection.objects.exists()


def test_without_a_verdict_there_is_nothing_to_object_to(ground: SimpleNamespace) -> None:
    assert browser(ground.pim).get(OBJECT).status_code == 404


def test_where_experts_and_figures_differ_the_page_says_what_each_says(
    ground: SimpleNamespace, monkeypatch: Any
) -> None:
    signed(ground)
    row = {"need": "gown", "computed": "direct", "effective": "direct", "action": "none", "alarm": False}
    row |= {"evidence_en": "cover 40 days", "evidence_nl": "dekking 40 dagen"}
    regime = as_table("past_regime", [row], NOON).with_columns(missing=pl.lit(None))
    monkeypatch.setattr("dijk_web.pages.needs.store.table", lambda code, name: regime)
    monkeypatch.setattr("dijk_web.pages.needs.last_published", lambda: SimpleNamespace(act=7, code="x", as_of=NOON))
    page = browser(ground.noor).get("/needs/gown/").content.decode()
    assert "The experts say “specific shortage”, the figures of run 7 say “direct”." in page
    assert "cover 40 days" in page


def test_the_database_keeps_the_rules_of_what_was_said(ground: SimpleNamespace) -> None:
    number = signed(ground)
    about = {"act": number + 1, "said_at": NOON, "text": "x", "role": "planner"}
    for wrong in ({"role": "expert"}, {"text": ""}, {"act": number}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.create(**about | {"need": "gown", "verdict": number} | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.create(**about | {"role": "institution"})
    Objection.objects.create(**about, need="gown", verdict=number)
    for change in (lambda rows: rows.update(text="y"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Objection.objects.all())


def test_a_page_of_a_need_asks_the_same_few_things_however_much_was_said(
    ground: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    last = 0
    for at in range(4):
        last = signed(ground, since=last, evidence=f"x{at}")
        object_to(last, by=ground.pim, need="gown", text="no", sent=Sent(None, last))
    eva = browser(ground.eva)
    eva.get("/needs/gown/")
    with django_assert_max_num_queries(32):
        assert eva.get("/needs/gown/").status_code == 200
