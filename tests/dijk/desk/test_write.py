"""What a command leaves on the disk is the old or the new, never half, whenever and however it ends."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dijk import runs
from dijk.desk import write
from dijk.desk.app import run_command
from dijk.desk.ending import Stop
from dijk.desk.write import in_place, refuse_report, refuse_run

NAMES = [f"results/{i}" for i in range(6)] + [runs.MANIFEST]

CHILD = """
import os, random, signal, sys
from pathlib import Path
from dijk import runs
from dijk.desk.write import in_place

names, target, how = sys.argv[2].split(","), Path(sys.argv[1]), sys.argv[3]

def rewrite(content, end_at):
    seen = 0
    def ends(event, _):
        nonlocal seen
        seen += 1
        if seen == end_at and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if seen == end_at:
            raise KeyboardInterrupt
    sys.addaudithook(ends)
    with in_place(target) as made:
        runs.write_run(made, dict.fromkeys(names, content), origin=None)
    return seen

def forked(content, end_at):
    pipe, into = os.pipe()
    if not (child := os.fork()):
        try:
            os.write(into, str(rewrite(content, end_at)).encode())
        except KeyboardInterrupt:
            pass
        os._exit(0)
    os.waitpid(child, 0)
    os.close(into)
    return os.read(pipe, 20)

events, old = int(forked(b"0" * 9000, 0)), {b"0" * 9000}
assert events >= 20
for number, moment in enumerate(random.Random(1).sample(range(1, events + 1), events), start=1):
    new = str(number % 10).encode() * 9000
    forked(new, moment)
    there = {(target / name).read_bytes() for name in names if (target / name).is_file()}
    assert there in (old, {new}), (moment, events)
    assert sum(path.is_file() for path in target.rglob("*")) == len(names), moment
    print("new" if there == {new} else "old")
    old = there
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="two names are swapped in one step on Linux only")
@pytest.mark.parametrize("how", ["kill", "keyboard"])
def test_an_end_at_any_moment_leaves_the_old_or_the_new(tmp_path, how):
    words = [sys.executable, "-c", CHILD, str(tmp_path / "run"), ",".join(NAMES), how]
    ended = subprocess.run(words, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert set(ended.stdout.split()) == {"old", "new"}  # the moments lie on both sides of the swap


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def filled(folder: Path, content: str) -> None:
    with in_place(folder) as made:
        (made / "a").write_text(content)


def test_a_full_disk_leaves_what_was_there_and_nothing_beside_it_and_names_the_path(tmp_path, monkeypatch):
    filled(tmp_path / "run", "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as told:
        filled(tmp_path / "run", "new")
    assert told.value.filename == str(tmp_path / "run")
    assert (tmp_path / "run" / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(("lang", "words"), [("en", "the disk is full"), ("nl", "de schijf is vol")])
def test_the_reason_is_told_in_the_language_of_the_user(tmp_path, monkeypatch, capsys, lang, words):
    monkeypatch.setattr(os, "fsync", full)
    assert run_command(["template", str(tmp_path / "empty"), "--lang", lang]) == 5
    assert capsys.readouterr().err.replace("\n", "") == f"{tmp_path / 'empty'}: {words}."
    assert list(tmp_path.iterdir()) == []


def test_where_names_cannot_be_swapped_the_old_comes_back_if_the_new_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "exchange", lambda *_: False)
    filled(tmp_path / "run", "old")
    filled(tmp_path / "run", "new")
    assert (tmp_path / "run" / "a").read_text() == "new"
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda one, to: full() if one.name == "new" else rename(one, to))
    with pytest.raises(OSError, match="No space"):
        filled(tmp_path / "run", "newer")
    assert (tmp_path / "run" / "a").read_text() == "new"


def test_who_could_not_read_the_old_cannot_read_the_new(tmp_path):
    filled(tmp_path / "run", "old")
    (tmp_path / "run").chmod(0o700)
    filled(tmp_path / "run", "new")
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_a_run_gives_way_only_where_that_was_asked_and_anything_else_never(tmp_path):
    filled(tmp_path / "other", "mine")
    (tmp_path / "run").mkdir()
    refuse_run(tmp_path / "run", replace=False)
    (tmp_path / "run" / runs.MANIFEST).write_text("{}")
    refuse_run(tmp_path / "run", replace=True)
    with pytest.raises(Stop, match="run_there"):
        refuse_run(tmp_path / "run", replace=False)
    with pytest.raises(runs.NoRun, match="something else"):
        refuse_run(tmp_path / "other", replace=True)


def test_a_folder_of_reports_holds_one_run(tmp_path):
    (tmp_path / "report.0a1b.en.html").write_text("")
    (tmp_path / "regions.0a1b.en").mkdir()
    refuse_report(tmp_path, "0a1b", replace=False)
    refuse_report(tmp_path, "ffff", replace=True)
    with pytest.raises(Stop, match="report_there"):
        refuse_report(tmp_path, "ffff", replace=False)
    (tmp_path / "letter.docx").write_text("")
    for run in ("0a1b", "ffff"):
        with pytest.raises(Stop, match="not_empty"):
            refuse_report(tmp_path, run, replace=True)


@pytest.mark.slow
def test_a_pipe_that_closes_early_is_no_error(tmp_path):
    for words in (["--help"], ["template", str(tmp_path / "u")], ["template", str(tmp_path / "v"), "--json"]):
        reader, writer = os.pipe()
        os.close(reader)
        ended = subprocess.run(
            [sys.executable, "-m", "dijk", *words], stdout=writer, stderr=subprocess.PIPE, restore_signals=False
        )
        os.close(writer)
        assert (ended.returncode, ended.stderr) == (0, b""), words


def test_who_stands_in_the_folder_sees_what_was_written_in_it(tmp_path, monkeypatch):
    """Before, the folder gave way to another, and its visitor stood in one that was gone."""
    monkeypatch.chdir(tmp_path)
    for content in (b"old", b"new"):
        with in_place(Path()) as made:
            runs.write_run(made, dict.fromkeys(NAMES, content), origin=None)
        assert sorted(os.listdir(".")) == [runs.MANIFEST, "results"]
        assert {Path(name).read_bytes() for name in NAMES} == {content}
