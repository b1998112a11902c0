"""Nothing that was acknowledged is lost: web server, worker and an import are killed at random moments, while people
order and upload over HTTP and send again what was not answered.
"""

import contextlib
import datetime as dt
import hashlib
import http.client
import itertools
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django_tasks_db.models import DBTaskResult

import jobs_that_last
from dijk_web import chain, clock, serving
from dijk_web.actions.writing import writing
from dijk_web.models import Act, Person, RequestRow, Stock, Upload
from four_people import browser, everybody
from ground import NOON, registers
from telling_forms import hidden

WAIT = 90
"""Seconds after which something that should happen does not."""

PAUSE = 0.2
"""Seconds between what somebody sends; without it what was killed starts beside them for a long time."""

ROWS = 400
"""Rows of an import: enough for a kill to fall between them."""

TOKEN = "k" * 32


@dataclass
class Orderer(threading.Thread):
    """Somebody at a browser, who orders one time after the other and sends a form again until it is answered."""

    person: Person
    web: serving.Web
    cookie: str
    seed: int
    over: threading.Event
    answered: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    """Of each one-time key the number of the act, and the pieces by need."""
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return self.seed

    def run(self) -> None:
        drawn = random.Random(self.seed)
        site = f"site-{self.person.organisation}"
        while not self.over.wait(drawn.uniform(0, 2 * PAUSE)):
            status, page = self.until_answered("GET", "/orders/new/", {})
            if status != 200:
                self.wrong.append(f"{status} {page[-2000:]}")
                return
            pieces = {need: drawn.randint(1, 9) for need in ("gown", "mask")}
            lines = {f"amount:{site}|{need}": str(one) for need, one in pieces.items()}
            units = {f"unit:{site}|{need}": "pieces" for need in pieces}
            form = {name: unescape(value) for name, value in hidden(page).items()}
            status, said = self.until_answered("POST", "/orders/new/", {**form, **lines, **units, "step": "send"})
            found = re.fullmatch(r"/acts/(\d+)/", said)
            if status != 302 or not found:
                self.wrong.append(f"{status} {said[-2000:]}")
                return
            self.answered[f"{self.person.code}:{form['once']}"] = (int(found.group(1)), pieces)

    def until_answered(self, method: str, path: str, form: dict[str, str], file: bytes = b"") -> tuple[int, str]:
        """The status, and the page or where it leads."""
        head = {"Cookie": f"dijk={self.cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        head["Content-Type"] = MULTIPART_CONTENT if file else "application/x-www-form-urlencoded"
        sent = {**form, "file": SimpleUploadedFile("stock.csv", file)} if file else form
        body = encode_multipart(BOUNDARY, sent) if file else urlencode(form)
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            calling = http.client.HTTPConnection(self.web.host, self.web.port, timeout=20)
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(calling):
                calling.request(method, path, body, head)
                answer = calling.getresponse()
                return answer.status, answer.headers.get("Location") or answer.read().decode()
            time.sleep(0.05)
        return 0, "no answer"


LINES = 30
"""Rows of an upload."""


@dataclass
class Uploader(Orderer):
    """Somebody who uploads one file after the other, and takes in what its page shows."""

    __hash__ = Orderer.__hash__

    def run(self) -> None:
        for turn in itertools.count():
            if self.over.wait(PAUSE):
                return
            rows = [
                f"site-{self.person.organisation},gown-box,{turn}-{at},approved,2020-04-27,{at}" for at in range(LINES)
            ]
            steps = ["\n".join(["site,product,lot,status,day,pieces", *rows]).encode(), b""]
            address, form = "/upload/", {}
            for file in steps:
                status, page = self.until_answered("GET", address, {})
                form = {name: unescape(value) for name, value in hidden(page).items()}
                status, said = self.until_answered("POST", address, form, file)
                if status != 302 or not re.fullmatch(r"/upload/\d+/", said):
                    self.wrong.append(f"{status} {said[-2000:]}")
                    return
                address = said
            self.answered[f"{self.person.code}:{form['once']}"] = (turn, {})


IMPORTING = f"""
import sys, time, datetime as dt
from dijk_web.opening import open_tower
open_tower()
import polars as pl
from dijk.tables import ON_DISK
from dijk_web.actions.take_in import take_in
from dijk_web.actions.writing import AlreadyDone
from dijk_web.models import Person
by = Person(code="p-pim", role="planner")
kinds = ON_DISK["stock"].create_empty().schema
for turn in range(int(sys.argv[1]), 10_000):
    time.sleep(0.2)  # SQLite is not fair between processes: one that never pauses keeps the others out
    row = dict(site="s", product="p", status="approved", how="counted", pieces=1, source="import",
               day=dt.date(2020, 4, 20), known_at=dt.datetime(2020, 4, 20, 12, tzinfo=dt.UTC))
    rows = pl.DataFrame([{{**dict.fromkeys(kinds), **row, "lot": f"{{turn}}-{{at}}"}} for at in range({ROWS})], schema=kinds)
    try:
        print(turn, take_in({{"stock": rows}}, by=by, reason="import", once=f"import-{{turn}}"), flush=True)
    except AlreadyDone as done:
        print(turn, done.act.number, flush=True)
"""


@dataclass
class Import:
    """A process that takes in one dataset after the other and says of each that it is there."""

    surroundings: dict[str, str]
    answered: dict[int, int] = field(default_factory=dict)
    """Of each dataset the number of the act."""

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", IMPORTING, str(max(self.answered, default=-1) + 1)]
        self.process = started(command, self.surroundings, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.listen, args=(self.process,), daemon=True).start()
        return self.process

    def listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line.endswith("\n"):
                turn, act = line.split()
                assert self.answered.setdefault(int(turn), int(act)) == int(act)


def started(command: list[str], surroundings: dict[str, str], **more: Any) -> subprocess.Popen[Any]:
    return subprocess.Popen(command, env=surroundings, start_new_session=True, **more)


def process(surroundings: dict[str, str], *words: object) -> subprocess.Popen[Any]:
    return started([sys.executable, "-m", "dijk_web.serving", *map(str, words)], surroundings)


def kill(one: subprocess.Popen[Any]) -> None:
    """As when the machine loses power to it: the process and all that it started, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(one.pid, signal.SIGKILL)
    one.wait()


def until(true: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)


@pytest.fixture
def orderers(tower: Any) -> Iterator[list[Orderer]]:
    """Three people of three sites who order, and one who uploads, logged in."""
    with mock.patch.object(clock, "now", return_value=NOON - dt.timedelta(days=10)):
        people = everybody()
        with writing("registers_told", by=people.pim, about="registers") as act:
            for table, rows in registers().items():
                act.tell(table, rows)
    web, over = serving.Web(port=serving.free_port(), threads=4), threading.Event()
    cookies = {one: browser(one).cookies["dijk"].value for one in (people.mila, people.otto, people.cara)}
    made = [Orderer(one, web, cookie, seed, over) for seed, (one, cookie) in enumerate(cookies.items())]
    cookie = browser(people.ben).cookies["dijk"].value
    yield [*made, Uploader(people.ben, web, cookie, len(made), over)]
    over.set()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no process groups to kill")
@pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.long)])
def test_whatever_is_killed_what_was_acknowledged_is_there_once_and_whole(
    times: int, surroundings: dict[str, str], orderers: list[Orderer], tmp_path: Path
) -> None:
    drawn = random.Random(times)
    surroundings = surroundings | {"DIJK_CLOCK": "2020-04-27T12:00:00Z"}
    static = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v0", "--settings", "dijk_web.settings"]
    subprocess.run(static, env=surroundings, check=True)
    web, over = orderers[0].web, orderers[0].over
    imports = Import(surroundings)

    starts = {
        "web": lambda: process(surroundings, "web", web.host, web.port, web.threads, 1),
        "worker": lambda: process(surroundings, "worker"),
        "import": imports.start,
    }
    running: dict[str, subprocess.Popen[Any]] = {}

    def begin() -> None:
        jobs_that_last.lasts.enqueue(str(tmp_path / "begun"), drawn.uniform(0, 0.5))
        running.update({name: start() for name, start in starts.items() if name not in running})

    def orders() -> int:
        assert [one.wrong for one in orderers] == [[]] * len(orderers)
        return sum(len(one.answered) for one in orderers)

    for one in orderers:
        one.start()
    try:
        for _ in range(times):
            before = orders(), len(imports.answered)
            begin()
            until(lambda before=before: orders() > before[0] and len(imports.answered) > before[1], "work is answered")
            for name in drawn.sample(list(starts), drawn.randint(1, len(starts))):
                time.sleep(drawn.uniform(0, 0.3))
                kill(running.pop(name))
        begin()
        over.set()
        for one in orderers:
            one.join(WAIT)
        until(lambda: not DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).exists(), "every job has ended")
    finally:
        for one in running.values():
            kill(one)
    assert all(one.answered for one in orderers) and not any(one.is_alive() for one in orderers)
    orders_are_there(orderers[:-1])
    uploads_are_there(orderers[-1], tmp_path / "uploads")
    imports_are_there(imports)
    jobs_have_ended(times)
    assert chain.broken_acts() == [] and chain.projections_that_differ() == {}


def orders_are_there(orderers: list[Orderer]) -> None:
    """Every order that was answered, by the number that was told, with its lines; and no other."""
    answered = {key: told for one in orderers for key, told in one.answered.items()}
    acts = dict(Act.objects.filter(name="order_placed").values_list("once", "number"))
    assert acts == {key: number for key, (number, _) in answered.items()}
    lines: dict[int, dict[str, int]] = {number: {} for number in acts.values()}
    for act, need, pieces in RequestRow.objects.values_list("act", "need", "pieces"):
        lines[act][need] = pieces
    assert lines == dict(answered.values()) and RequestRow.objects.count() == sum(map(len, lines.values()))


def uploads_are_there(uploader: Orderer, folder: Path) -> None:
    """Every upload that was answered, whole and once, with its file as its digest says; and no other."""
    acts = dict(Act.objects.filter(name="upload_taken_in").values_list("once", "number"))
    assert acts.keys() == uploader.answered.keys()
    lots = Counter(
        lot.partition("-")[0] for lot in Stock.objects.filter(act__in=acts.values()).values_list("lot", flat=True)
    )
    assert lots == {str(turn): LINES for turn, _ in uploader.answered.values()}
    digests = Upload.objects.filter(act__in=acts.values()).values_list("digest", flat=True)
    assert len(digests) == len(acts)
    assert [one for one in digests if hashlib.sha256((folder / one).read_bytes()).hexdigest() != one] == []


def imports_are_there(imports: Import) -> None:
    """Every import that was answered, whole; the last may be there before it was answered, then whole too."""
    acts = dict(Act.objects.filter(name="dataset_taken_in").values_list("once", "number"))
    told = {f"import-{turn}": act for turn, act in imports.answered.items()}
    assert told.items() <= acts.items() and len(acts) <= len(told) + 1
    rows = Counter(Stock.objects.filter(source="import").values_list("act", flat=True))
    assert rows == dict.fromkeys(acts.values(), ROWS)


def jobs_have_ended(times: int) -> None:
    """Every job ended well, or its worker died of it twice."""
    ends = DBTaskResult.objects.values_list("status", "exception_class_path", "worker_ids")
    assert len(ends) == times + 1
    for status, why, workers in ends:
        assert status == "SUCCESSFUL" or (why, len(workers)) == ("dijk_web.worker.WorkerDied", 2)
