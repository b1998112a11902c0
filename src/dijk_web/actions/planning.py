"""Asking for a plan, and publishing its levels. Between the two a job makes it."""

import datetime as dt

from dijk.tables import PUBLISHED
from dijk_web import store
from dijk_web.actions.lots import keep_blocked
from dijk_web.actions.recalling import reach_later
from dijk_web.actions.sending import assume_received
from dijk_web.actions.writing import TooLate, writing
from dijk_web.bridge import moment_text
from dijk_web.jobs import make_effect, make_plan
from dijk_web.models import Effect, Person, Proposal, Run, State

KEPT_OF_A_RUN = ("past_regime", "past_level", "past_situation", "past_driver_forecast")
"""What the next plan reads of a published run, and the picture that people compare. Awards wait for their release;
demand, which no step reads, stays in the store.
"""


def ask_for_plan(*, by: Person, reason: str, seed: int = 1, once: str | None = None) -> int:
    """Ask for a plan of all that is told so far; the number of the act, which is that of the run.

    No two runs speak from one moment, so that their results can stand beside each other.
    """
    with writing("plan_asked", by=by, about="run", reason=reason, once=once) as act:
        last = Run.objects.order_by("-as_of").first()
        if last and last.as_of >= act.known_at:
            act.known_at = last.as_of + dt.timedelta(seconds=1)
        act.about = f"run:{act.number}"
        act.after = {"seed": seed}
        assume_received(act)
        keep_blocked(act)
        reach_later(act)
        Run.objects.create(act=act.number, as_of=act.known_at, seed=seed, asked_by=by.code)
        make_plan.enqueue(act.number)
    return act.number


# parameters: who and why, from when and how, and by which form
def ask_for_preview(
    *, by: Person, reason: str, as_of: dt.datetime | None = None, seed: int = 1, once: str | None = None
) -> int:
    """Ask for a plan that is looked at and never published: as known now, or at an earlier moment; the number of the
    act, which is that of the run.

    Raises
    ------
    ValueError
        The moment is still to come.
    """
    with writing("preview_asked", by=by, about="run", reason=reason, once=once) as act:
        if as_of and as_of > act.known_at:
            raise ValueError("nothing is known yet of a moment that is still to come")
        moment = as_of or act.known_at
        act.about = f"run:{act.number}"
        act.after = {"seed": seed, "as_of": moment_text(moment)}
        Run.objects.create(act=act.number, as_of=moment, seed=seed, asked_by=by.code, preview=True)
        make_plan.enqueue(act.number)
    return act.number


def ask_for_effect(proposal: Proposal, *, by: Person, seed: int = 1, once: str | None = None) -> int:
    """Ask what a proposal would do to the plan of all that is told so far; the number of the act, which is that of the
    effect.

    Raises
    ------
    TooLate
        The proposal has ended.
    """
    with writing("effect_asked", by=by, about=proposal.log, once=once) as act:
        if not Proposal.objects.open().filter(pk=proposal.pk).exists():
            raise TooLate("proposal")
        act.after = {"proposal": proposal.act, "seed": seed}
        Effect.objects.create(act=act.number, proposal=proposal.act, as_of=act.known_at, seed=seed)
        make_effect.enqueue(act.number)
    return act.number


def publish(run: Run, *, by: Person, reason: str, once: str | None = None) -> int:
    """Publish the levels of a run, which are from then on earlier results for the next; the number of the act.

    Raises
    ------
    TooLate
        The run is not made, is published already, or is a preview.
    """
    with writing("run_published", by=by, about=f"run:{run.act}", reason=reason, once=once) as act:
        changed = Run.objects.filter(act=run.act, state=State.MADE, preview=False).update(
            state=State.PUBLISHED, published_by=act.number
        )
        if not changed:
            raise TooLate(f"Run {run.act} is not one that waits for publishing; open it again to see what happened.")
        act.before, act.after = {"state": State.MADE}, {"state": State.PUBLISHED, "run": run.code}
        for name in KEPT_OF_A_RUN:
            rows = store.table(str(run.code), name.removeprefix("past_"))
            act.take_in(name, rows.select(PUBLISHED[name].column_names()))
    return act.number
