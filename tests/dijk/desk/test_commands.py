"""The command line: every way a command can end, in both languages, and what it leaves behind."""

import ast
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

import country_once
from dijk import desk, runs
from dijk.buy.on_curves import CURVES
from dijk.desk import screen
from dijk.desk.app import command_first, run_command
from dijk.desk.ending import Stop
from dijk.desk.fairness import RULES
from dijk.desk.load import day_of, moment_of
from dijk.desk.plan import shared_to
from dijk.desk.report import drawn
from dijk.desk.words import WORDS, language
from dijk.fairness.sensitivity import CASES
from dijk.files import read_folder, write_folder
from dijk.tables.columns import HOLDERS
from dijk.tables.division import AWARD_LINES, REACHES
from dijk.tables.effect import NO_MONEY, PARTS, TAKEN
from dijk_web.actions.administrator import WHY_NOT
from dijk_web.chain import BREAKS
from small import registers

DESK = Path(desk.__file__).parent


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder to work in, with the example country and its run of seed 1."""
    here = tmp_path_factory.mktemp("commands")
    back = Path.cwd()
    os.chdir(here)
    shutil.copytree(country_once.commanded(), here, dirs_exist_ok=True)
    yield here
    os.chdir(back)


@pytest.fixture
def copy(place: Path, tmp_path: Path) -> Path:
    """The same, to spoil."""
    shutil.copytree(place / "country", tmp_path / "country")
    shutil.copytree(place / "monday", tmp_path / "monday")
    return tmp_path


ENDS = [  # words, exit code, what is said in English, in Dutch
    (["plan", "monday", "-o", "run"], 5, "is a run, not a dataset", "is een berekening, geen gegevens"),
    (["check", "monday"], 5, "dijk replay monday", "dijk replay monday"),
    (["check", "country/stock.csv"], 5, "is no Excel workbook", "is geen Excel-werkmap"),
    (["plan", "nowhere", "-o", "run"], 5, "no such folder", "deze map is er niet"),
    (["check", "nowhere"], 5, "no such folder", "deze map is er niet"),
    (["report", "country", "-o", "report"], 5, "not a run", "geen berekening"),
    (["replay", "nowhere"], 5, "not a run", "geen berekening"),
    (["example", "country"], 5, "holds something else", "bevat al iets"),
    (["template", "country"], 5, "holds something else", "bevat al iets"),
    (["plan", "country", "-o", "country"], 5, "holds something else", "bevat iets anders"),
    (["example", "new", "--real", "nowhere", "--cut", "2020-04-27"], 5, "no such folder", "deze map is er niet"),
    (["example", "new", "--real", "country"], 2, "go together", "horen bij elkaar"),
    (["plan", "country", "-o", "run", "--as-of", "yesterday"], 2, "is not a moment", "is geen moment"),
    (["explain", "monday", "S00001", "unheard"], 5, "claims nothing", "geen aanspraak"),
    (["report", "monday", "-o", "report", "--form", "html,doc"], 2, "is not a form", "is geen vorm"),
    (["plan", "country"], 2, "Missing option", "Zo werkt de opdracht niet"),
    (["plan", "country", "-o", "run", "--seed", "one"], 2, "Invalid value", "Zo werkt de opdracht niet"),
    (["guess"], 2, "dijk --help", "dijk --help"),
]


@pytest.mark.parametrize(("words", "code", "english", "dutch"), ENDS)
def test_every_way_out_has_its_code_and_says_why(place, words, code, english, dutch, capsys, monkeypatch):
    for lang, said in (("en", english), ("nl", dutch)):
        monkeypatch.setenv("DIJK_LANG", lang)
        assert run_command(words) == code
        out, err = capsys.readouterr()
        assert said in err
        assert out == ""
        assert "Traceback" not in err
    assert not (place / "run").exists()
    assert not (place / "new").exists()


def test_an_empty_folder_is_nothing_found(place, tmp_path, capsys):
    assert run_command(["check", str(tmp_path)]) == 5
    assert "dijk template" in capsys.readouterr().err


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of that name with a dataset that is read in no time, to work beside."""
    write_folder(registers(), tmp_path / "few")
    monkeypatch.chdir(tmp_path)


def test_a_mistake_inside_dijk_shows_no_traceback_unless_asked(few, capsys, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of ideas")

    monkeypatch.setattr("dijk.plan.plan", broken)
    assert run_command(["assess", "few"]) == 1
    said = capsys.readouterr().err
    assert "out of ideas" in said
    assert "Traceback" not in said
    monkeypatch.setenv("DIJK_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        run_command(["assess", "few"])


def test_what_is_typed_on_the_keyboard_to_stop_it_stops_it(few, capsys, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dijk.plan.plan", stopped)
    assert run_command(["assess", "few"]) == 130
    assert "Stopped" in capsys.readouterr().err


@pytest.mark.slow
def test_an_error_in_a_file_stops_the_plan_and_shows_where(copy, capsys, monkeypatch):
    monkeypatch.chdir(copy)
    stock = copy / "country" / "stock.csv"
    lines = stock.read_text(encoding="utf-8").splitlines()
    column = next(iter(csv_columns(lines[0], "pieces")))
    cells = lines[13].split(",")
    cells[column] = "-6"
    stock.write_text("\n".join([*lines[:13], ",".join(cells), *lines[14:]]) + "\n", encoding="utf-8")
    assert run_command(["plan", "country", "-o", "run"]) == 3
    out, err = capsys.readouterr()
    line = next(line for line in err.splitlines() if "-6" in line)
    assert "error" in line
    assert "stock.csv" in line
    assert "14" in line
    assert "pieces" in line
    assert out == ""
    assert not (copy / "run").exists()
    assert run_command(["check", "country", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)["findings"]
    assert found[0]["severity"] == "error"
    assert (found[0]["row"], found[0]["column"], found[0]["found"]) == (14, "pieces", "-6")


def csv_columns(heading: str, name: str) -> Iterator[int]:
    return (i for i, cell in enumerate(heading.lstrip("\ufeff").split(",")) if cell == name)


@pytest.mark.slow
def test_check_lists_the_gravest_last_and_ends_well_without_errors():
    out = country_once.said(["check", "country"])
    severities = [
        word for line in out.splitlines() for word in line.split()[:1] if word in ("error", "warning", "note")
    ]
    assert severities == sorted(severities, key=["note", "warning", "error"].index)
    assert "warning" in severities


@pytest.fixture
def planned(place: Path, monkeypatch: pytest.MonkeyPatch) -> runs.Run:
    """The kept run, in place of a plan made anew, for tests of what is shown of it."""
    run = runs.read_run(place / "monday")
    for word in ("forecast", "assess", "allocate", "plan"):
        monkeypatch.setattr(f"dijk.desk.{word}.make_plan", lambda *_: run)
    return run


@pytest.mark.parametrize("command", ["forecast", "assess", "allocate"])
def test_with_json_stdout_is_json_and_nothing_else(planned, command, capsys):
    assert run_command([command, "country", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    for lang in ("en", "nl"):
        assert run_command([command, "country", "--lang", lang]) == 0
        name = {"en": "Isolation gown", "nl": "Isolatieschort"}[lang]
        assert name in capsys.readouterr().out


def test_the_steps_keep_their_full_tables_where_asked(planned, tmp_path, capsys):
    assert run_command(["allocate", "country", "-o", str(tmp_path / "tables")]) == 0
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == {"claim", "award", "award_line", "level"}
    assert pl.read_parquet(tmp_path / "tables" / "award.parquet").equals(planned.plan.award)


def test_templates_come_one_per_table(tmp_path, capsys):
    assert run_command(["template", str(tmp_path / "empty"), "--lang", "nl", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["files"]) >= 20


# The moment, the language.


def test_the_plan_speaks_from_the_newest_moment_in_the_data_and_says_so(place, capsys):
    tables = [pl.read_csv(path, infer_schema=False) for path in (place / "country").glob("*.csv")]
    newest = dt.datetime.fromisoformat(max(max(table["known_at"]) for table in tables if table.height))
    assert runs.as_of(runs.read_manifest(place / "monday")) == newest
    assert run_command(["check", "country", "--quick"]) == 0
    assert f"{newest:%H:%M} UTC: the newest moment that the data tell" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2020-04-27", "2020-04-27T23:59:59+00:00"),
        ("2020-04-27T10:00", "2020-04-27T10:00:00+00:00"),
        ("2020-04-27 10:00:30", "2020-04-27T10:00:30+00:00"),
        ("2020-04-27T10:00:00Z", "2020-04-27T10:00:00+00:00"),
        ("2020-04-27T12:00+02:00", "2020-04-27T10:00:00+00:00"),
    ],
)
def test_a_moment_is_utc_and_a_day_alone_is_its_last_second(typed, moment):
    assert moment_of(typed) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("words", "environment", "lang"),
    [
        (["check", "d"], {}, "en"),
        (["check", "d"], {"DIJK_LANG": "nl"}, "nl"),
        (["check", "d"], {"DIJK_LANG": "fr"}, "en"),
        (["check", "d", "--lang", "nl"], {}, "nl"),
        (["check", "d", "--lang=en"], {"DIJK_LANG": "nl"}, "en"),
        (["report", "d", "--lang", "both"], {"DIJK_LANG": "nl"}, "nl"),
        (["check", "d"], {"LANG": "nl_NL.UTF-8", "LC_ALL": "nl_NL"}, "en"),
    ],
)
def test_the_language_is_what_was_asked_and_never_the_machines(words, environment, lang):
    assert language(words, environment) == lang


def test_every_sentence_stands_in_both_languages_with_the_same_gaps():
    for key, (english, dutch) in WORDS.items():
        assert english, key
        assert dutch, key
        assert set(re.findall(r"{\d", english)) == set(re.findall(r"{\d", dutch)), key


def test_every_sentence_is_used_and_every_one_used_is_there():
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in DESK.glob("*.py")]
    nodes = [node for module in modules for node in ast.walk(module)]
    lists = {"reach_": REACHES, "line.": AWARD_LINES, "from.": HOLDERS, "rule.": ("dijk", *RULES), "norms_": CASES}
    lists |= {"broken.": BREAKS, "not_let_in.": WHY_NOT, "part.": PARTS, "no_money.": NO_MONEY}
    lists |= {"taken.": set(TAKEN) - {"as_said"}}
    built = {begin + code for begin, codes in lists.items() for code in codes} | {*HOLDERS, *CURVES}
    used = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(WORDS) - used - built == set()
    assert ({key for module in modules for key in said_keys(module)} | built) - set(WORDS) == set()


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ({"in_full": True, "level_least": None, "level_most": None, "nothing": False}, "in full"),
        ({"in_full": False, "level_least": 4.06, "level_most": 4.06, "nothing": False}, "4.1"),
        ({"in_full": False, "level_least": 4.06, "level_most": 9.3, "nothing": False}, "4.1–9.3"),
        ({"in_full": False, "level_least": 4.06, "level_most": 9.3, "nothing": True}, "0.0–9.3"),
        ({"in_full": False, "level_least": None, "level_most": None, "nothing": False}, "the floor"),
        ({"in_full": False, "level_least": None, "level_most": None, "nothing": True}, "nothing"),
        ({"in_full": None, "level_least": None, "level_most": None, "nothing": None}, "–"),
    ],
)
def test_what_got_nothing_is_never_said_to_be_met_in_full(level, said):
    assert shared_to(level, "en") == said


def said_keys(module: ast.Module) -> Iterator[str]:
    """The first word of each call of ``say``, and the second of each ``Stop``."""
    for node in ast.walk(module):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and called in ("say", "Stop"):
            argument = node.args[called == "Stop"]
            if isinstance(argument, ast.Constant):
                yield str(argument.value)


def test_numbers_are_written_as_the_language_has_them_and_a_missing_one_is_a_dash():
    assert (screen.whole(1234567, "en"), screen.whole(1234567, "nl")) == ("1,234,567", "1.234.567")
    assert (screen.decimal(1234.56, "en"), screen.decimal(1234.56, "nl")) == ("1,234.6", "1.234,6")
    assert (screen.percent(0.001, "en"), screen.decimal(0.01, "nl")) == ("<\u00a01%", "<\u00a00,1")
    assert [screen.euros(cents, "nl") for cents in (40, 1250, 0)] == ["< € 1", "€ 12", "€ 0"]
    assert (screen.percent(0.345, "en"), screen.euros(123_456_789_00, "nl")) == ("34%", "€ 123,5 miljoen")
    assert [write(None, "nl") for write in (screen.whole, screen.decimal, screen.percent)] == ["–"] * 3


def test_a_code_of_others_never_becomes_a_path(monkeypatch):
    monkeypatch.setattr("dijk.report.xlsx", lambda *_: b"")
    monkeypatch.setattr(
        "dijk.report.region_lists", lambda *_, **__: dict.fromkeys(("R01", "../../x", "a/b", "a_b", ".."), b"")
    )
    paths = [path for path, _ in drawn(None, "0a1b", "xlsx", "en")][1:]
    assert [Path(path).parent.name for path in paths] == ["regions.0a1b.en"] * 5
    assert len(set(paths)) == 5
    assert not any(".." in Path(path).parts for path in paths)


@pytest.mark.slow
def test_neither_help_nor_check_loads_the_report_or_the_example(few):
    code = (
        "import sys; from dijk.desk.app import run_command; run_command(['--help']); run_command(['check', 'few']);"
        "assert 'dijk.allocate.share' in sys.modules;"  # the steps were taken
        "print([name for name in sys.modules if name.startswith(('dijk.report', 'dijk.example', 'dijk.sources'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


# The run's folder, and replay.


def test_where_a_run_lies_stands_in_its_origin_and_nowhere_else(place):
    everything = b"".join(
        path.read_bytes() for path in (place / "monday").rglob("*") if path.is_file() and path.name != runs.ORIGIN
    )
    assert str(country_once.commanded()).encode() not in everything
    assert runs.origin(place / "monday") == country_once.commanded() / "country"


@pytest.mark.long
def test_a_run_is_the_same_bytes_on_one_thread_or_two_and_wherever_it_lies(place, tmp_path):
    shutil.copytree(place / "country", tmp_path / "elsewhere")
    plan_elsewhere(tmp_path / "elsewhere", tmp_path / "run", ways(OTHER_THREADS))
    assert files_of(tmp_path / "run") == files_of(place / "monday")
    assert runs.origin(tmp_path / "run") == tmp_path / "elsewhere"


OTHER_THREADS = "2" if pl.thread_pool_size() == 1 else "1"
"""On another number of threads than the kept run was made."""

OTHER_WORLDS = [  # form of the files, threads, seed of the hashes, zone, locale
    ("parquet", OTHER_THREADS, "1", "Pacific/Auckland", "tr_TR.UTF-8"),
    pytest.param("xlsx", "2", "2", "America/St_Johns", "de_DE.UTF-8", marks=pytest.mark.long),
]

MOST_IN_A_BOOK = 10_000
"""Rows of a table up to which it is laid in a workbook: reading more takes long, and people keep those otherwise."""


@pytest.mark.slow
@pytest.mark.parametrize(("form", "threads", "hashes", "zone", "tongue"), OTHER_WORLDS)
def test_a_plan_is_the_same_bytes_from_another_place_form_order_zone_and_locale_on_other_threads(
    place, tmp_path, form, threads, hashes, zone, tongue
):
    if not has_locale(tongue):
        pytest.skip(f"missing tool: locale {tongue}, of the package locales-all")
    shuffled = {name: rows.sample(fraction=1, shuffle=True, seed=5) for name, rows in country_once.tables().items()}
    long = {name: shuffled.pop(name) for name, rows in country_once.tables().items() if rows.height > MOST_IN_A_BOOK}
    write_folder(shuffled, tmp_path / "country", form=form)
    write_folder(long, tmp_path / "country", form="csv" if form == "xlsx" else form)
    plan_elsewhere(
        tmp_path / "country",
        tmp_path / "run",
        ways(threads) | {"PYTHONHASHSEED": hashes, "TZ": zone, "LC_ALL": tongue},
    )
    kept, made = runs.read_manifest(place / "monday"), runs.read_manifest(tmp_path / "run")
    assert (made["run"], made["files"], made["inputs"]) == (kept["run"], kept["files"], kept["inputs"])


def has_locale(name: str) -> bool:
    """Whether this machine has a locale; asked in another process, as it holds for all threads of one."""
    code = f"import locale; locale.setlocale(locale.LC_ALL, {name!r})"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def ways(threads: str) -> dict[str, str]:
    return dict(os.environ) | {"POLARS_MAX_THREADS": threads, "NUMBA_NUM_THREADS": threads}


def plan_elsewhere(data: Path, run: Path, environment: dict[str, str]) -> None:
    """Plan in another process, which takes the locale of its environment as desktop programs do."""
    code = "import locale, sys; locale.setlocale(locale.LC_ALL, ''); from dijk.desk.app import main; main(sys.argv[1:])"
    words = [sys.executable, "-c", code, "plan", str(data), "-o", str(run)]
    subprocess.run(words, env=environment, check=True, capture_output=True)


def files_of(folder: Path) -> dict[str, str]:
    """The digest of each file of a run, its origin left out."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != runs.ORIGIN]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_a_new_plan_takes_the_place_of_an_old_one_whole(copy, planned):
    (copy / "monday" / "results" / "left_over.parquet").write_bytes(b"old")
    assert run_command(["plan", "country", "-o", str(copy / "monday")]) == 5
    assert (copy / "monday" / "results" / "left_over.parquet").exists()
    assert run_command(["plan", "country", "-o", str(copy / "monday"), "--replace"]) == 0
    assert not (copy / "monday" / "results" / "left_over.parquet").exists()
    assert runs.read_run(copy / "monday")


def test_a_half_written_run_is_no_run(copy, capsys):
    (copy / "monday" / runs.MANIFEST).unlink()
    assert run_command(["replay", str(copy / "monday")]) == 5
    (copy / "monday" / runs.MANIFEST).write_text("{", encoding="utf-8")
    assert run_command(["replay", str(copy / "monday")]) == 5
    (copy / "monday" / runs.MANIFEST).write_text('{"schema": 99}', encoding="utf-8")
    assert run_command(["replay", str(copy / "monday")]) == 5
    assert "layout" in capsys.readouterr().err


def test_another_seed_or_moment_written_into_a_manifest_is_noticed(copy, capsys):
    manifest = copy / "monday" / runs.MANIFEST
    for key, value in (("seed", 2), ("as_of", "2020-04-28T00:00:00Z")):
        said = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps(said | {key: value}), encoding="utf-8")
        assert run_command(["replay", str(copy / "monday")]) == 4
        assert runs.MANIFEST in capsys.readouterr().err


def test_a_manifest_never_leads_outside_its_folder(copy, capsys):
    said = json.loads((copy / "monday" / runs.MANIFEST).read_text(encoding="utf-8"))
    secret = copy / "known" / "secret.parquet"
    secret.parent.mkdir()
    secret.write_bytes(runs.parquet(pl.DataFrame({"a": [1]})))
    said["files"]["../known/secret.parquet"] = runs.sha256(secret.read_bytes())
    (copy / "monday" / runs.MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    assert run_command(["replay", str(copy / "monday")]) == 5
    assert "layout" in capsys.readouterr().err


def test_dijk_alone_shows_what_there_is(capsys):
    assert run_command([]) == 0
    assert "replay" in capsys.readouterr().out


def test_a_run_read_back_is_the_run_that_was_written(place):
    run = runs.read_run(place / "monday")
    assert {path: runs.sha256(content) for path, content in runs.run_files(run).items()} == files_of(place / "monday")


OTHER_COLUMNS = {
    "one less": (lambda award: award.drop("packs"), "column packs is missing", "kolom packs ontbreekt"),
    "one more": (lambda award: award.with_columns(colour=1), "column colour is not known", "kolom colour is onbekend"),
    "another type": (
        lambda award: award.with_columns(pl.col("packs").cast(pl.Float64)),
        "column packs is of another type",
        "kolom packs is van een ander type",
    ),
}


@pytest.mark.parametrize("how", OTHER_COLUMNS)
def test_a_run_with_other_columns_than_this_version_reads_is_no_mistake_of_dijk(copy, how, capsys, monkeypatch):
    change, english, dutch = OTHER_COLUMNS[how]
    run = runs.read_run(copy / "monday")
    other = replace(run, plan=replace(run.plan, award=change(run.plan.award)))
    runs.write_run(copy / "other", runs.run_files(other), origin=None)
    for lang, said, again in (("en", english, "Make the plan again"), ("nl", dutch, "Maak het plan opnieuw")):
        monkeypatch.setenv("DIJK_LANG", lang)
        assert run_command(["report", str(copy / "other"), "-o", str(copy / "report")]) == 5
        told = capsys.readouterr().err
        assert said in told
        assert "award" in told
        assert again in told


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_file_changed_afterwards_is_noticed_and_named(copy, lang, capsys):
    award = copy / "monday" / "results" / "award.parquet"
    table = pl.read_parquet(award)
    award.write_bytes(runs.parquet(table.with_columns(packs=pl.col("packs") + 1)))
    for words in (["replay"], ["report", "-o", str(copy / "report")]):
        assert run_command([words[0], str(copy / "monday"), *words[1:], "--lang", lang]) == 4
        assert "results/award.parquet" in capsys.readouterr().err
    assert not (copy / "report").exists()


@pytest.mark.slow
def test_a_fact_known_later_changes_nothing(copy, capsys, monkeypatch):
    monkeypatch.chdir(copy)
    later = pl.read_parquet("monday/known/stock.parquet").head(50)
    moment = later["known_at"].max() + dt.timedelta(days=9)  # type: ignore[operator]
    write_more(
        copy / "country",
        later.with_columns(pieces=pl.lit(7, pl.Int64), reason=pl.lit(None, pl.String), known_at=pl.lit(moment)),
    )
    assert run_command(["replay", "monday", "--data", "country"]) == 0
    out, err = capsys.readouterr()
    assert "Identical" in out
    assert "changed since" in err


@pytest.mark.slow
def test_a_fact_slipped_in_afterwards_shows_in_the_replay(copy, capsys, monkeypatch):
    monkeypatch.chdir(copy)
    stock = pl.read_parquet("monday/known/stock.parquet").filter(pl.col("pieces") > 0).head(50)
    write_more(
        copy / "country",
        stock.with_columns(pieces=pl.col("pieces") * 2, known_at=pl.col("known_at") + dt.timedelta(seconds=1)),
    )
    assert run_command(["replay", "monday", "--data", "country"]) == 4
    out = capsys.readouterr().out
    assert "known/stock.parquet" in out
    assert "pieces" in out
    assert "results/position.parquet" in out


def write_more(folder: Path, stock: pl.DataFrame) -> None:
    """More rows of stock in a file of their own."""
    stock.write_csv(folder / "stock.more.csv", datetime_format="%Y-%m-%dT%H:%M:%SZ")


def test_a_replay_asks_where_the_data_went(copy, capsys):
    shutil.rmtree(copy / "country")
    (copy / "monday" / runs.ORIGIN).write_text(json.dumps({"data": str(copy / "country")}), encoding="utf-8")
    assert run_command(["replay", str(copy / "monday")]) == 5
    assert "--data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2020-04-27", "2020-04-27T23:59:59"),
        ("27-4-2020", "2020-04-27T23:59:59"),
        ("27/04/2020", "2020-04-27T23:59:59"),
        ("27 april 2020", "2020-04-27T23:59:59"),
        ("3-4-2020", "2020-04-03T23:59:59"),
        ("2020-04-27T10:00", "2020-04-27T10:00:00"),
        ("2020-04-27T10:00Z", "2020-04-27T10:00:00"),
        ("2020-04-27T12:00+02:00", "2020-04-27T10:00:00"),
        ("2020-04-27 10:00:05", "2020-04-27T10:00:05"),
        ("27-4-2020 10:00", "2020-04-27T10:00:00"),
    ],
)
def test_a_moment_may_be_typed_as_in_a_cell(typed, moment):
    assert moment_of(typed).isoformat() == f"{moment}+00:00"


@pytest.mark.parametrize("typed", ["27-4-2020", "2020-04-27", "27 apr 2020"])
def test_a_day_may_be_typed_as_in_a_cell(typed):
    assert day_of(typed).isoformat() == "2020-04-27"


@pytest.mark.parametrize("typed", ["30-2-2020", "tomorrow", ""])
def test_what_is_no_day_is_refused_both_as_a_day_and_as_a_moment(typed):
    for read in (day_of, moment_of):
        with pytest.raises(Stop, match="bad_"):
            read(typed)


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        (["--lang", "nl", "plan", "d"], ["plan", "--lang", "nl", "d"]),
        (["--lang=nl", "--json", "plan", "d"], ["plan", "--lang=nl", "--json", "d"]),
        (["plan", "d", "--lang", "nl"], ["plan", "d", "--lang", "nl"]),
        (["--lang", "nl"], ["--lang", "nl"]),
        (["--help"], ["--help"]),
    ],
)
def test_the_language_may_stand_before_the_command(words, moved):
    assert command_first(words) == moved


def test_templates_that_nobody_filled_in_get_one_sentence(tmp_path, capsys):
    assert run_command(["--lang", "nl", "template", str(tmp_path / "leeg")]) == 0
    capsys.readouterr()
    assert run_command(["--lang", "nl", "check", str(tmp_path / "leeg")]) == 5
    assert "er is niets ingevuld" in capsys.readouterr().err


def test_a_folder_of_something_else_gets_one_sentence(tmp_path, capsys):
    (tmp_path / "letter.docx").write_bytes(b"PK")
    assert run_command(["check", str(tmp_path)]) == 5
    assert "no table of dijk found" in capsys.readouterr().err


def test_a_workbook_with_a_sheet_per_table_is_a_dataset(tmp_path, capsys):
    book = Workbook()
    book.remove(book.active)
    for name, rows in {
        "sector": [["sector", "group", "name_en", "name_nl"], ["hospital", "cure", "Hospitals", "Ziekenhuizen"]],
        "voorraad": [["locatie", "artikel", "dag", "stuks"], ["S1", "mask", "2020-04-27", 10]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "planning.xlsx")
    read = read_folder(tmp_path / "planning.xlsx")
    assert read.tables["sector"]["sector"].to_list() == ["hospital"]
    assert {"sector", "stock"} <= set(read.tables) | set(read.findings["table"])
    assert run_command(["check", str(tmp_path / "planning.xlsx"), "--as-of", "27-4-2020"]) == 3
    assert "planning.xlsx" in capsys.readouterr().out
