"""Every word on a screen is there in English and in Dutch.

To add words: write the English in the code, ``_("...")`` with ``gettext`` (``gettext_lazy`` outside functions) or ``{%
translate "..." %}``, ``{% blocktranslate %}`` where a value stands inside; run ``python docs/generate_words.py``; write
the Dutch that it names in ``src/dijk_web/locale/nl/LC_MESSAGES/django.po``; run it once more, and commit both files.
Plain Dutch (B1), *u*, and of a thing the word that GLOSSARY.md has. After a merge that fought over the compiled file,
run it again.
"""

import ast
import gettext
import io
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from dijk_web.actions.desks import OF_A_CONTACT, OF_A_DESK
from dijk_web.actions.inbound import CHANGES
from dijk_web.actions.people import SEAT
from dijk_web.pages.acts import ACTS, NAMES
from four_people import browser
from ground import SITE
from telling_forms import sent

ROOT = Path(__file__).resolve().parents[2]
WORDS = SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / "generate_words.py")))
HELD = WORDS.read()


def test_every_word_on_a_screen_has_its_dutch():
    missing = {english for english in WORDS.said() if not all(HELD.get(english, ("",)))}
    assert missing == set(), "run python docs/generate_words.py and write the Dutch"


def test_there_is_no_dutch_for_what_nothing_says():
    assert set(HELD) - WORDS.said() == set()


def test_the_compiled_file_is_made_of_the_file_of_dutch():
    assert WORDS.DUTCH.with_suffix(".mo").read_bytes() == WORDS.compiled(HELD)
    assert WORDS.DUTCH.read_text("utf-8") == WORDS.written(HELD)


def test_what_is_compiled_reads_back():
    read = gettext.GNUTranslations(io.BytesIO(WORDS.compiled({("one\n",): ("een\n",), ("a", "b"): ("c", "d")})))
    assert read.gettext("one\n") == "een\n"
    assert [read.ngettext("a", "b", n) for n in (1, 2, 0)] == ["c", "d", "d"]


@pytest.mark.parametrize("english", sorted(HELD), ids=lambda english: english[0][:40])
def test_the_dutch_has_the_same_gaps_to_fill(english: tuple[str, ...]):
    for said, dutch in zip(english, HELD[english], strict=True):
        assert sorted(re.findall(r"%\(\w+\)s", said)) == sorted(re.findall(r"%\(\w+\)s", dutch))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mila", "ravi", "ada", "noor"])
def test_no_english_stands_on_a_dutch_page(people: SimpleNamespace, name: str):
    client = browser(getattr(people, name))
    for address in (
        "/",
        "/people/",
        "/people/invite/",
        f"/people/p-{name}/",
        "/account/",
        "/account/sessions/",
        "/nowhere/",
        "/invitation/",
        "/desks/",
        "/contacts/",
        "/contacts/file/",
        "/contacts/invite/",
        "/contacts/to-call/",
        "/people/letters/",
        "/silent/",
        "/counts/",
        "/sizes/",
        "/urgent/",
    ):
        html = client.get(address, headers={"accept-language": "nl"}).content.decode()
        said = re.sub(r"<[^>]+>", " ", html)
        english = [
            one[0] for one in HELD if len(one[0]) > 12 and one != HELD[one] and "%" not in one[0] and one[0] in said
        ]
        assert english == [], address
        assert '<html lang="nl">' in html


def test_the_language_is_switched_by_a_form_and_kept(people: SimpleNamespace):
    client = browser(people.mila)
    assert client.get("/language/").status_code == 405
    assert client.post("/language/", {"language": "nl", "next": "/people/"}).headers["location"] == "/people/"
    assert '<html lang="nl">' in client.get("/people/").content.decode()


def test_the_language_switch_sends_nobody_to_another_host(people: SimpleNamespace):
    answer = browser().post("/language/", {"language": "nl", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer.headers["location"]


def test_who_logs_in_reads_their_own_language(people: SimpleNamespace):
    from four_people import PASSWORD

    client = browser()
    client.post("/account/login/", {"login": people.mila.email, "password": PASSWORD})
    assert '<html lang="nl">' in client.get("/").content.decode()


def test_every_act_has_words():
    """A name that no words belong to would stand in the log as the code has it."""
    source = "\n".join(path.read_text("utf-8") for path in WORDS.SOURCE.rglob("*.py"))
    named = set(re.findall(r"(?:writing\(|_say_anew\(|_decide\(|_second\(|OWN_TRIED =|act.name =)\s*\"(\w+)\"", source))
    named |= {f"{topic}_told" for topic in ("stock", "use", "activity", "delivery")}
    assert named == set(ACTS)
    assert len(named) > 30


def test_every_name_that_the_log_keeps_has_words():
    """Of what was before and after: what each act writes down, and the lists that it takes names from."""
    kept = {*SEAT, *CHANGES, *OF_A_DESK, *OF_A_CONTACT, "size", "size_unit", "size_confirmed_by", "source", "is_owner"}
    for path in (WORDS.SOURCE / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and any(
                getattr(to, "attr", "") in ("before", "after") for to in node.targets
            ):
                dicts = [one for one in ast.walk(node.value) if isinstance(one, ast.Dict)]
                kept |= {key.value for one in dicts for key in one.keys if isinstance(key, ast.Constant)}
    assert kept - NAMES.keys() == {"row"}, "of a row that is proposed, each column has the heading of its table"
    assert len(kept) > 30


def test_the_log_says_in_dutch_what_was_told(ground: SimpleNamespace):
    client = browser(ground.mila)
    sent(client, **{"amount:gown-box|-|approved": "5"})
    log = client.get(f"/log/site:{SITE}/", headers={"accept-language": "nl"}).content.decode()
    assert all(text in log for text in ("voorraad gemeld", "regels: 1", "bron: site", "zorginstelling"))
