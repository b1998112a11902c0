"""``dijk serve``, ``administrator``, ``verify`` and ``rebuild``: how they begin, how they end, and what they say."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from dijk.desk.app import run_command
from dijk_web import serving
from dijk_web.actions.writing import writing
from dijk_web.models import Act, Invitation, Person, Site

PIM = Person(code="p1", role="planner", name="Pim", email="pim@example.org")
LANGS = pytest.mark.parametrize("lang", ["en", "nl"])


def a_site(code: str = "s1") -> dict[str, Any]:
    told = {"site": code, "organisation": "o1", "name": code, "kind": "care"}
    return {**told, "sector": "hospital", "region": "north", "source": "register"}


def tell(*codes: str) -> None:
    with writing("site_told", by=PIM, about="registers") as act:
        act.tell("site", [a_site(code) for code in codes])


# verify and rebuild


def test_verify_says_that_all_is_as_it_was_sealed(tower: Any, capsys: Any) -> None:
    tell("s1")
    tell("s2")
    assert run_command(["verify"]) == 0
    assert "All 2 acts are as they were sealed." in capsys.readouterr().out


BREAKING = [
    ("UPDATE told_site SET name = 'other' WHERE act = 2", "Act 2: its rows in site", "Handeling 2: haar rijen in site"),
    (
        "DELETE FROM told_site WHERE act = 2",
        "it added to site: 1; there now: 0",
        "toevoegde aan site: 1; nu aanwezig: 0",
    ),
    ("DELETE FROM act WHERE number = 2", "Act 2: its line in the log is gone", "Handeling 2: haar regel in het log"),
    ("UPDATE act SET reason = 'x' WHERE number = 2", "Act 2: its line in the log is not", "niet die verzegeld is"),
    ("UPDATE pen SET act = 9", "Act 9: the pen and the last line", "Handeling 9: de pen en de laatste regel"),
    ("DELETE FROM act WHERE number = 2", "Act 2: rows of site that no line", "geen regel van het logboek noemt: 1"),
]


@pytest.mark.parametrize(("statement", "english", "dutch"), BREAKING)
def test_verify_names_each_act_that_does_not_fit(
    tower: Any, capsys: Any, statement: str, english: str, dutch: str
) -> None:
    for code in ("s1", "s2", "s3"):
        tell(code)
    behind_the_triggers(statement)
    for lang, said in (("en", english), ("nl", dutch)):
        assert run_command(["verify", "--lang", lang]) == 4
        assert said in capsys.readouterr().out
    assert run_command(["verify", "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["broken"][0]["act"] in (2, 9)


def behind_the_triggers(statement: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)


@LANGS
def test_rebuild_finds_what_is_current_and_wrong_and_writes_it_anew(tower: Any, capsys: Any, lang: str) -> None:
    tell("s1", "s2")
    assert run_command(["rebuild", "--check", "--lang", lang]) == 0
    Site.objects.filter(site="s1").update(name="other")
    Site.objects.filter(site="s2").delete()
    assert run_command(["rebuild", "--check", "--lang", lang]) == 4
    out = capsys.readouterr().out
    assert {"en": "site differs from its rows for 2", "nl": "site verschilt bij 2"}[lang] in out
    assert run_command(["rebuild", "--lang", lang]) == 0
    assert {"en": "site: 2 codes", "nl": "site: 2 codes"}[lang] in capsys.readouterr().out
    assert run_command(["rebuild", "--check", "--lang", lang]) == 0
    assert sorted(Site.objects.values_list("name", flat=True)) == ["s1", "s2"]


# administrator


@LANGS
def test_the_first_administrator_comes_in_by_the_link_that_is_printed(tower: Any, capsys: Any, lang: str) -> None:
    assert run_command(["administrator", "Ada", "Ada@tower.example", "--lang", lang]) == 0
    link = capsys.readouterr().out.split()[-1]
    browser, address = Client(), urlsplit(link).path
    assert 'value="Ada"' in browser.get(address).content.decode()
    once = re.search(r'name="once" value="([0-9a-f]+)"', browser.get(address).content.decode())
    assert once
    said = {"name": "Ada", "email": "ada@tower.example", "language": lang, "once": once.group(1)}
    browser.post(address, said | {"password": "a long and good one", "again": "a long and good one"})
    ada = Person.objects.get()
    assert (ada.role, ada.is_active, ada.email) == ("administrator", True, "ada@tower.example")
    assert Act.objects.get(number=1).by == "machine" and "Ada" not in str(Act.objects.values())
    assert run_command(["administrator", "Ada", "ada@tower.example"]) == 0, "who lost the second factor may come again"
    assert Invitation.objects.first().code == ada.code


@LANGS
@pytest.mark.parametrize(
    ("name", "email", "said"),
    [("Ada", "pim@example.org", ("another role", "andere rol")), ("Ada", "ada", ("e-mail address", "e-mailadres")),
     (" ", "ada@tower.example", ("name", "naam"))],
)  # fmt: skip
def test_who_cannot_be_an_administrator_is_told_why(
    tower: Any, capsys: Any, lang: str, name: str, email: str, said: tuple[str, str]
) -> None:
    Person(code="p1", role="planner", name="Pim", email="pim@example.org").save()
    assert run_command(["administrator", name, email, "--lang", lang]) == 2
    assert said[lang == "nl"] in capsys.readouterr().err
    assert not Invitation.objects.exists()


# How they cannot begin


@LANGS
@pytest.mark.parametrize("command", ["serve", "administrator A a@b.example", "verify", "rebuild"])
def test_without_the_extra_it_is_said_what_to_install(capsys: Any, command: str, lang: str) -> None:
    gone = {name: None for name in sys.modules if name == "django" or name.startswith(("dijk_web", "django."))}
    with mock.patch.dict(sys.modules, {**gone, "django": None}):
        for name in gone:
            if name.startswith("dijk_web"):
                del sys.modules[name]
        assert run_command([*command.split(), "--lang", lang]) == 5
    assert "pip install 'dijk[web]'" in capsys.readouterr().err


@pytest.mark.slow
def test_it_does_not_start_without_secret_and_hosts(surroundings: dict[str, str]) -> None:
    surroundings |= {"DIJK_DEMO": ""}
    done = dijk(surroundings, "serve", "--lang", "nl")
    assert (done.returncode, "DIJK_SECRET" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_verify_of_no_database_makes_none(surroundings: dict[str, str], tmp_path: Path) -> None:
    surroundings |= {"DIJK_DATA": str(tmp_path / "nowhere"), "DIJK_DATABASE_URL": ""}
    done = dijk(surroundings, "verify")
    assert (done.returncode, "dijk serve" in done.stderr) == (5, True)
    assert not (tmp_path / "nowhere").exists()


def test_a_port_that_is_taken_is_told(tower: Any, capsys: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        assert run_command(["serve", "--port", str(one.getsockname()[1])]) == 5
    assert "--port" in capsys.readouterr().err


def test_sqlite_takes_one_process(tower: Any, capsys: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes more")
    assert run_command(["serve", "--processes", "2"]) == 2
    assert "PostgreSQL" in capsys.readouterr().err


def dijk(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dijk", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


# How it runs, and ends


@pytest.fixture
def serve(surroundings: dict[str, str]) -> Iterator[Callable[[], Any]]:
    """Starts ``dijk serve`` on a free port and waits until it answers; the process and where it is."""
    started = []

    def start() -> tuple[subprocess.Popen[str], serving.Web]:
        web = serving.Web(port=serving.free_port())
        command = [sys.executable, "-m", "dijk", "serve", "--port", str(web.port)]
        started.append(subprocess.Popen(command, env=surroundings, stderr=subprocess.PIPE, text=True))
        until(lambda: not serving.is_free(web))
        return started[-1], web

    yield start
    for one in started:
        one.terminate()
        one.communicate(timeout=60)


def until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "waited a minute in vain"
        time.sleep(0.1)


def children(pid: int) -> dict[str, int]:
    """The processes that ``dijk serve`` started, by name."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {Path(f"/proc/{one}/cmdline").read_text().split("\0")[3]: int(one) for one in listed}


def lives(pid: int) -> bool:
    """Whether a process is there, and not only waiting to be counted as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


needs_proc = pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc to find the processes in")


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_it_serves_and_stops_cleanly(serve: Any, by: signal.Signals) -> None:
    one, web = serve()
    assert [serving.status(web, path) for path in ("/health/", "/", "/account/login/")] == [200, 302, 200]
    both = children(one.pid)
    assert set(both) == {"web", "worker"}
    os.kill(one.pid, by)
    assert one.wait(timeout=60) == 0
    said = one.stderr.read()
    assert web.address in said and "Stopped." in said and "Traceback" not in said
    assert not any(map(lives, both.values())) and serving.is_free(web)


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize(("name", "other"), [("web", "worker"), pytest.param("worker", "web", marks=pytest.mark.long)])
def test_where_one_process_ends_the_other_is_ended_and_it_is_told(serve: Any, name: str, other: str) -> None:
    one, web = serve()
    both = children(one.pid)
    os.kill(both[name], signal.SIGKILL)
    assert one.wait(timeout=60) == 5
    said = one.stderr.read()
    assert {"web": "The web server", "worker": "The worker"}[name] + " ended by itself, with code -9" in said
    assert not lives(both[other])
    until(lambda: serving.is_free(web))


@needs_proc
@pytest.mark.slow
def test_nothing_stays_behind_when_it_is_killed_itself(serve: Any) -> None:
    one, web = serve()
    both = children(one.pid)
    serving_ones = [int(pid) for pid in Path(f"/proc/{both['web']}/task/{both['web']}/children").read_text().split()]
    one.kill()
    one.wait()
    until(lambda: not any(map(lives, [*both.values(), *serving_ones])) and serving.is_free(web))
