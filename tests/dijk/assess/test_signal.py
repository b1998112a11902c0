"""On what a text to other sectors rests: the regime that holds, the verdict and the fences of a need."""

from typing import Any

import pytest

from dijk.assess.signal import Ground, ground_of
from dijk.policy import Policy
from small import AS_OF, ago, rows

TODAY = AS_OF.date()
FENCE = {"fence": "f", "need": "all", "sector": "care", "region": "all", "kind": "guarantee", "share": 0.3}
VERDICT = {"need": "mask", "verdict": "specific_shortage", "evidence": "x", "valid_from": ago(3), "valid_to": ago(-3)}


def ground(*, computed: str | None = "direct", need: str = "mask", **told: list[dict[str, Any]]) -> Ground:
    tables = {name: rows(name, *some) for name, some in told.items()}
    return ground_of(Policy.of(tables), {"mask": computed} if computed else {}, need=need, day=TODAY)


def test_the_verdict_goes_before_the_figures_and_without_either_nothing_is_said() -> None:
    assert (ground().regime, ground().verdict) == ("direct", None)
    judged = ground(verdict=[VERDICT])
    assert (judged.regime, judged.verdict) == ("scarce", "specific_shortage")
    assert ground(verdict=[VERDICT | {"valid_to": ago(1)}]).regime == "direct"
    assert ground(computed=None).regime is None


def test_the_fence_of_a_need_goes_before_the_fence_for_all_needs() -> None:
    own = FENCE | {"need": "mask", "share": 0.6}
    assert [one.share for one in ground(fence=[FENCE, own]).fences] == [0.6]
    assert [one.share for one in ground(fence=[FENCE, own], need="gown").fences] == [0.3]


@pytest.mark.parametrize(
    "other",
    [
        {"computed": "scarce"},
        {"verdict": [VERDICT | {"verdict": "no_shortage"}]},
        {"fence": [FENCE]},
        {"fence": [FENCE | {"kind": "cap"}]},
    ],
    ids=str,
)
def test_another_regime_verdict_or_fence_is_another_ground(other: dict[str, Any]) -> None:
    assert ground(**other).text != ground().text


def test_what_changes_nothing_for_others_is_the_same_ground() -> None:
    renewed = VERDICT | {"valid_from": ago(1), "valid_to": ago(-30), "evidence": "y"}
    assert ground(verdict=[VERDICT, renewed]).text == ground(verdict=[VERDICT]).text
    assert ground(computed="scarce", verdict=[VERDICT]).text == ground(verdict=[VERDICT]).text
    second = FENCE | {"fence": "a", "sector": "home"}
    assert ground(fence=[FENCE, second]).text == ground(fence=[FENCE, second | {"fence": "z"}]).text
    assert ground(fence=[FENCE, FENCE | {"fence": "twin"}]).text == ground(fence=[FENCE]).text
    assert ground(fence=[FENCE | {"fence": "called otherwise"}]).text == ground(fence=[FENCE]).text


def test_a_ground_is_read_back_and_what_is_none_is_not_taken_for_one() -> None:
    one = ground(verdict=[VERDICT], fence=[FENCE])
    assert Ground.read(one.text) == one
    for other in ("", "scarce", "[]", "{}", '{"regime": null, "verdict": null, "fences": [["cap"]]}'):
        assert Ground.read(other) is None, other
