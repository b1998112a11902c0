"""``dijk check`` tells of each finding in which file and row it stands, and finds what a plan would find."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

import country_once
from dijk import runs
from dijk.check.findings import SHOWN
from dijk.desk.app import run_command

MOMENT = "2020-04-27T08:00"
COUNTS = "site,product,lot,status,day,pieces\n{site},{product},k1,approved,2020-04-24,100\n{site},{product},k2,approved,{day},100\n"
RULE = "rule,need,sector,region,value,valid_from,basis,set_by\ncap_days,all,all,all,7,2020-06-01,decision,ministry\n"


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """The example country, to spoil."""
    return Path(shutil.copytree(country_once.commanded() / "country", tmp_path / "country"))


def checked(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict]:
    run_command(["check", str(folder), "--json", *words])
    found: list[dict] = json.loads(capsys.readouterr().out)["findings"]
    return found


def cell(folder: Path, place: dict, column: str) -> str:
    """What stands in a file at the row that a finding names, as a spreadsheet counts."""
    table = pl.read_csv(folder / place["file"], infer_schema=False)
    return str(table[place["row"] - 2, column])


def checked_once(*words: str) -> list[dict]:
    """What is found in the example country as it is."""
    found: list[dict] = json.loads(country_once.said(["check", "country", "--json", *words]))["findings"]
    return found


@pytest.mark.slow
def test_each_example_between_tables_names_the_row_that_holds_it():
    country = country_once.commanded() / "country"
    found = {(one["code"], one["table"]): one for one in checked_once()}
    late, own_word = found["INBOUND-01", "inbound"], found["SITE-02", "site"]
    assert (late["file"], late["row"]) == (late["examples"][0]["file"], late["examples"][0]["row"])
    assert len(late["examples"]) == late["rows"] > 0
    assert all(cell(country, example, "order") == example["found"] for example in late["examples"])
    assert all(cell(country, example, "site") == example["found"] for example in own_word["examples"])


@pytest.mark.slow
def test_json_holds_all_examples_each_with_its_row(country, capsys):
    site = pl.read_csv(country / "site.csv", infer_schema=False)
    own_word = pl.when(pl.col("kind") == "care").then(pl.lit("applicant")).otherwise("size_confirmed_by")
    site.with_columns(size_confirmed_by=own_word).write_csv(country / "site.csv")
    one = next(one for one in checked(country, capsys, "--quick") if one["code"] == "SITE-02")
    newest = site.with_row_index("row", offset=2).sort("known_at").unique("site", keep="last").filter(kind="care")
    assert len(one["examples"]) == one["rows"] == newest.height > SHOWN
    assert {example["row"] for example in one["examples"]} == set(newest["row"])


@pytest.mark.slow
@pytest.mark.parametrize("code", ["STOCK-02", "REQUEST-01", "REQUEST-02", "FORECAST-02"])
def test_findings_of_the_steps_name_rows_too(code):
    country = country_once.commanded() / "country"
    found = [one for one in checked_once() if one["code"] == code]
    assert found
    for one in found:
        assert one["file"] == f"{one['table']}.csv"
        for example in one["examples"]:
            said = cell(country, example, example["by"].split()[0])
            assert said in example["found"]


@pytest.mark.slow
def test_of_a_series_the_last_row_is_told():
    rows = pl.read_csv(country_once.commanded() / "country" / "indicator.csv", infer_schema=False).with_row_index(
        "row", offset=2
    )
    last = rows.sort("indicator", "region", "day", "known_at").unique("indicator", keep="last")
    found = next(one for one in checked_once() if one["code"] == "FORECAST-02")
    assert {one["found"]: one["row"] for one in found["examples"]}.items() <= dict(
        last["indicator", "row"].rows()
    ).items()


@pytest.mark.slow
def test_a_suspect_of_meaning_names_its_row():
    country = country_once.commanded() / "country"
    found = [one for one in checked_once("--quick") if one["code"] in ("PEER-01", "PAST-01", "OTHER-01")]
    assert found
    for one in found:
        value = one["examples"][0]["found"].split(" / ")[0]  # without what it is taken per
        assert cell(country, one, one["column"]).removesuffix(".0") == value


@pytest.mark.slow
def test_check_finds_what_a_plan_finds(country, capsys):
    found = checked_once()
    kept = runs.read_run(country_once.commanded() / "monday").finding
    said = ["code", "table", "column", "found", "wanted_en", "rows"]
    assert sorted(kept.select(said).rows(), key=str) == sorted(
        (tuple(one[key] for key in said) for one in found), key=str
    )
    steps = {one["code"] for one in found} - {one["code"] for one in checked_once("--quick")}
    assert {"STOCK-02", "FORECAST-02"} <= steps
    assert run_command(["check", str(country), "--quick"]) == 0
    assert "left out" in capsys.readouterr().err


@pytest.mark.slow
def test_with_errors_check_and_plan_say_the_same_and_that_the_steps_were_not_taken(country, capsys):
    (country / "policy_rule.extra.csv").write_text(RULE.replace("cap_days", "shoe_size").replace("06-01", "04-01"))
    assert run_command(["check", str(country), "--json"]) == 3
    out, err = capsys.readouterr()
    assert "errors come first" in err
    assert run_command(["plan", str(country), "-o", str(country.parent / "run"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == json.loads(out)
    unheard = next(one for one in json.loads(out)["findings"] if one["code"] == "POLICY-01")
    assert (unheard["file"], unheard["row"], unheard["found"]) == ("policy_rule.extra.csv", 2, "shoe_size")


@pytest.mark.slow
@pytest.mark.parametrize("as_of", [None, MOMENT])
@pytest.mark.parametrize(("name", "row"), [("stock.extra.csv", 3), ("policy_rule.extra.csv", 2)])
def test_a_row_that_lies_ahead_moves_no_moment_and_is_named(country, name, row, as_of, capsys):
    stock = pl.read_csv(country / "stock.csv", infer_schema=False).row(0, named=True)
    text = (
        RULE
        if name.startswith("policy")
        else COUNTS.format(site=stock["site"], product=stock["product"], day="2021-04-24")
    )
    (country / name).write_text(text, encoding="utf-8")
    assert run_command(["check", str(country), "--quick", "--json", *(["--as-of", as_of] if as_of else [])]) == 0
    out, err = capsys.readouterr()
    assert "27 April 2020, 08:00 UTC" in err
    ahead = [one for one in json.loads(out)["findings"] if one["code"] == "MOMENT-03"]
    assert [(one["file"], one["row"], one["rows"]) for one in ahead] == [(name, row, 1)]
    assert [(one["file"], one["row"]) for one in ahead[0]["examples"]] == [(name, row)]


@pytest.mark.slow
def test_an_american_date_that_lies_ahead_moves_no_moment(country, capsys):
    stock = pl.read_csv(country / "stock.csv", infer_schema=False).row(0, named=True)
    text = COUNTS.format(site=stock["site"], product=stock["product"], day="2020-12-04").replace(
        "2020-04-24", "04/03/2020"
    )
    (country / "stock.extra.csv").write_text(text.replace("2020-12-04", "04/12/2020"), encoding="utf-8")
    assert run_command(["check", str(country), "--quick", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "27 April 2020, 08:00 UTC" in err
    assert {(one["file"], one["row"]) for one in json.loads(out)["findings"] if one["code"] == "MOMENT-03"} <= {
        ("stock.extra.csv", 3)
    }


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "said"), [("en", "no file tells"), ("nl", "geen bestand zegt")])
def test_where_nobody_told_a_moment_dijk_asks_for_one(country, lang, said, capsys):
    for path in country.glob("*.csv"):
        table = pl.read_csv(path, infer_schema=False)
        if path.stem.startswith("past_"):
            path.unlink()
        elif "known_at" in table.columns:
            without = table.drop("known_at")
            without.unique(maintain_order=True).write_csv(path)
    assert run_command(["check", str(country), "--quick", "--lang", lang]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "--as-of" in told


@pytest.mark.slow
@pytest.mark.parametrize("as_of", ["0001-01-01", pytest.param("1990-01-01", marks=pytest.mark.long), "2010-05-05"])
def test_a_moment_before_all_data_is_a_finding(country, as_of, capsys):
    found = checked(country, capsys, "--as-of", as_of)
    assert "MOMENT-04" in {one["code"] for one in found if one["severity"] == "error"}
