"""Filling in the forms of the tower as a browser does."""

import re
from html import unescape
from typing import Any

from django.test import Client

from ground import SITE, TODAY

STOCK_PAGE = f"/sites/{SITE}/stock/"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser sends them."""
    inputs = re.findall(r'<input type="hidden" name="(once|since|seen|typed_by|ground)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in inputs}


def cells(page: str, name: str) -> list[str]:
    """The cells of the row of a need."""
    return re.findall(r"<td[^>]*>(.*?)</td>", page[page.index(f'<th scope="row">{name}') :], re.DOTALL)


def sent(client: Client, address: str = STOCK_PAGE, step: str = "send", **typed: str) -> Any:
    """Fill in the form of a page and send it."""
    form = hidden(client.get(address).content.decode())
    return client.post(address, {"day": TODAY.isoformat(), **form, **typed, "step": step})
