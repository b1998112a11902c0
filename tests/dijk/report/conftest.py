"""One report of the made-up country serves every test of a form."""

import pytest

from dijk.report import About, Report, Text, report
from report_country import AS_OF, inputs, plan, policy


def about(**more: object) -> About:
    title = Text("Situation report <masks & more>", "Situatierapport <maskers & meer>")
    return About(title=title, as_of=AS_OF, seed=7, version="0.1.0", digest="sha256:abc", run="run-1", **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def pages() -> Report:
    """An interim report with a previous one, in which everything had more cover."""
    notice = Text("Exercise only.", "Alleen een oefening.")
    earlier = AS_OF.replace(day=23)
    return report(
        inputs(),
        policy(),
        plan(),
        about=about(interim=True, notices=(notice,), previous=plan(cover=2.0), previous_as_of=earlier),
    )


@pytest.fixture(scope="session")
def final() -> Report:
    """A final report without a previous one."""
    return report(inputs(), policy(), plan(), about=about())
