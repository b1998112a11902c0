"""Rows of a form of lines, made in one go: a thousand lines by templates take seconds, so take a tenth."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dijk_web.pages.lines import PACKS, PIECES, Line, shown

register = template.Library()


@register.simple_tag
def amount(line: Line, at: int) -> SafeString:
    """The fields of one line, where it stands alone."""
    return mark_safe(_amount(line, at, _words(), unknown=False))


@register.simple_tag
def told_rows(lines: Iterable[Line]) -> SafeString:
    """Rows of a form in which a site tells: what, the last value and its day, the fields."""
    words = _words()
    return mark_safe("".join(_told_row(line, at, words) for at, line in enumerate(lines, 1)))


@register.simple_tag
def order_rows(lines: Iterable[Line]) -> SafeString:
    """Rows of an order: the need, what stands beside it, the fields."""
    words = _words()
    return mark_safe("".join(_order_row(line, at, words) for at, line in enumerate(lines, 1)))


def _words() -> dict[str, str]:
    """The words of all lines, looked up once."""
    words = {
        "choice": _("Pieces or boxes"),
        PIECES: _("pieces"),
        "boxes": _("boxes of {each}"),
        "not_counted": _("unknown, not counted"),
        "packs_said": _("{packs} boxes of {each} = {pieces} pieces"),
        "pack_said": _("{packs} box of {each} = {pieces} pieces"),
        "piece_said": _("{pieces} pieces = {packs} box of {each}"),
        "pieces_said": _("{pieces} pieces = {packs} boxes of {each}"),
        "never": _("never told"),
        "unknown": _("unknown"),
        "waits": _("waits for a second count"),
        "last": _("Last told"),
        "now": _("Now"),
        "norm": _("Norm use a day"),
        "has": _("You have"),
        "open": _("Open"),
        "came": _("Came lately"),
        "suggestion": _("Suggestion"),
        "order": _("Order"),
    }
    return {name: escape(word) for name, word in words.items()}


def _told_row(line: Line, at: int, words: dict[str, str]) -> str:
    last = f'<span class="hush">{words["never"]}</span>'
    if line.last:
        last = f'{escape(line.last)}<br><span class="hush">{date_format(line.last_day, "j F Y")}</span>'
    fields = _amount(line, at, words, unknown=True)
    return f"{_head(line)}{_cell(words['last'], last)}{_cell(words['now'], fields)}</tr>\n"


def _order_row(line: Line, at: int, words: dict[str, str]) -> str:
    held = line.about["held"]
    has = words["unknown"] if held.pieces is None else shown(held.pieces)
    if held.doubted:
        has += f' <span class="sign" aria-hidden="true">◆</span> {words["waits"]}'
    came = words["unknown"] if line.about["came"] is None else shown(line.about["came"])
    cells = {"norm": line.about["norm"], "has": has, "open": shown(line.about["open"]), "came": came}
    cells |= {"suggestion": escape(line.last), "order": _amount(line, at, words, unknown=False)}
    return f"{_head(line)}{''.join(_cell(words[name], cell) for name, cell in cells.items())}</tr>\n"


def _cell(heading: str, cell: object) -> str:
    """A cell behind its heading, which stands before it on a small screen; nothing in it is nothing there."""
    return f'<td data-label="{heading}">{cell}</td>'


def _head(line: Line) -> str:
    """The beginning of a row."""
    place = f'<br><span class="hush">{escape(line.place)}</span>' if line.place else ""
    wrong = ' class="wrong"' if line.problems else ""
    return f'<tr{wrong}><th scope="row">{escape(line.name)}{place}</th>'


def _amount(line: Line, at: int, words: dict[str, str], *, unknown: bool) -> str:
    """What is wrong, the number, packs or pieces, unknown, and the other unit while typing."""
    key, name = escape(line.key), escape(line.name)
    wrong = f' aria-invalid="true" aria-describedby="e{at}"' if line.problems else ""
    parts = [
        _problems(line, at),
        f'<input class="amount" id="a{at}" name="amount:{key}" value="{escape(line.typed)}" inputmode="decimal" '
        f'autocomplete="off" aria-label="{name}"{wrong}>',
    ]
    if line.each:
        packs = words["boxes"].replace("{each}", shown(line.each))
        chosen = " selected" if line.unit == PACKS else ""
        parts.append(
            f' <select id="u{at}" name="unit:{key}" aria-label="{words["choice"]}: {name}"><option value="{PIECES}">'
            f'{words[PIECES]}</option><option value="{PACKS}"{chosen}>{packs}</option></select>'
            f'<input type="hidden" name="each:{key}" value="{line.each}">'
        )
    if unknown:
        ticked = " checked" if line.reason else ""
        parts.append(
            f' <label class="tick"><input type="checkbox" name="reason:{key}" value="not_counted"{ticked}> '
            f'{words["not_counted"]}<span class="vh"> {name}</span></label>'
        )
    if line.each:
        parts.append(
            f'<output data-of="a{at}" data-unit="u{at}" data-each="{line.each}" data-packs="{words["packs_said"]}" '
            f'data-pieces="{words["pieces_said"]}" data-packs-one="{words["pack_said"]}" '
            f'data-pieces-one="{words["piece_said"]}"></output>'
        )
    return f'<span class="row">{"".join(parts)}</span>'


def _problems(line: Line, at: int) -> str:
    """What is wrong with the line."""
    if not line.problems:
        return ""
    said = escape(" ".join(str(problem) for problem in line.problems))
    return f'<span class="error" id="e{at}"><span class="sign" aria-hidden="true">▼</span> {said}</span>'
