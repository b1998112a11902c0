"""Files as people send them to the tower: workbooks and CSV, sent with the form of the page and with what it shows."""

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ground import SITE, TODAY
from telling_forms import hidden

COUNTS = ("site", "product", "status", "day", "pieces")
GOWNS = (SITE, "gown-box", "approved", TODAY, 450)
MASKS = (SITE, "mask-box", "approved", TODAY, 60)


def book(*rows: tuple[Any, ...], headings: tuple[str, ...] = COUNTS, sheet: str = "stock") -> bytes:
    """A workbook with one sheet."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.title = sheet
    for row in (headings, *rows):
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def sent_file(client: Client, content: bytes, name: str = "stock.xlsx", **typed: str) -> Any:
    """Send a file with the form of the page; the answer."""
    form = hidden(client.get("/upload/").content.decode())
    return client.post("/upload/", {**form, **typed, "file": SimpleUploadedFile(name, content)})


def read_file(client: Client, content: bytes, name: str = "stock.xlsx", **typed: str) -> tuple[str, str]:
    """Send a file; the address of its page, and what that shows."""
    address = sent_file(client, content, name, **typed).headers["location"]
    return address, client.get(address).content.decode()


def kept_rows(client: Client, address: str, **typed: str) -> Any:
    """Send what the page of a file shows; the answer."""
    return client.post(address, {**look(client, address), **typed})


def look(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of the page of a file."""
    return hidden(client.get(address).content.decode())
