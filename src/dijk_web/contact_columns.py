"""What a file of contacts holds: its columns, and what may be found in them. Contacts are people, and so no table of
the core: no fact, no export and no kept file has them.
"""

import re
from dataclasses import dataclass

from dijk.check.findings import Code
from dijk.files.words import plain

TABLE = "contact"
"""What findings on such a file are about; a table of this name is nowhere."""

MOST_ROWS = 25_000
"""Rows that a file may hold: a contact for each institution of a country, and some more."""


@dataclass(frozen=True)
class Column:
    """A column: its heading in English and Dutch, what else people write above it, what it means, the longest text."""

    en: str
    nl: str
    also: tuple[str, ...]
    meaning: tuple[str, str]
    longest: int


COLUMNS: dict[str, Column] = {
    "organisation": Column(
        "organisation",
        "organisatie",
        ("organisatiecode", "organisation_code", "organization", "code_organisatie"),
        (
            "Code of the organisation. Without a site the contact is of the organisation as a whole.",
            "Code van de organisatie. Zonder locatie is het contact van de hele organisatie.",
        ),
        80,
    ),
    "site": Column(
        "site",
        "locatie",
        ("locatiecode", "code_locatie", "site_code", "location", "vestiging", "vestigingscode"),
        ("Code of the site.", "Code van de locatie."),
        80,
    ),
    "function": Column(
        "function",
        "functie",
        ("rol", "role", "job_title", "functietitel"),
        ("What they do: night manager, purchasing.", "Wat iemand doet: nachthoofd, inkoop."),
        100,
    ),
    "name": Column(
        "name",
        "naam",
        ("contactpersoon", "contact", "contact_person", "contact_name"),
        (
            "Only where it is needed to be put through or to be written to.",
            "Alleen als de naam nodig is om te worden doorverbonden of om aan te schrijven.",
        ),
        200,
    ),
    "phone": Column(
        "phone",
        "telefoon",
        ("telefoonnummer", "telefoonnr", "tel", "telnr", "mobiel", "phone_number", "telephone", "mobile"),
        (
            "With the 0 or + that it begins with; the column is Text.",
            "Met de 0 of + waarmee het nummer begint; de kolom is Tekst.",
        ),
        40,
    ),
    "email": Column(
        "email",
        "e-mailadres",
        ("e_mail", "mail", "emailadres", "mailadres", "e_mail_address", "email_address"),
        (
            "One address. An invitation can be sent to it; without it a letter is printed.",
            "Eén adres. Daar kan een uitnodiging heen; zonder adres wordt het een brief.",
        ),
        254,
    ),
}
"""The columns, in their order."""

MUST = ("function", "phone")
"""What a contact must have beside its place."""

SAID = ("function", "name", "phone", "email")
"""What is said of a contact; a row in which nothing of it stands says nothing."""

KNOWN = {plain(words): name for name, one in COLUMNS.items() for words in (one.en, one.nl, *one.also)}
"""What may stand above each column, as plain text."""

PHONE = re.compile(r"\+?[\d ()./–-]+")
LEAST, LOSES_ITS_ZERO = 3, 9
"""Digits of the shortest number; and from how many on one without a 0 or + in front has lost it in a spreadsheet."""


def is_phone(text: str) -> bool:
    """Whether a text can be a phone number."""
    digits = re.sub(r"\D", "", text)
    lost = len(digits) >= LOSES_ITS_ZERO and digits[0] != "0" and not text.startswith("+")
    return PHONE.fullmatch(text) is not None and len(digits) >= LEAST and not lost


NOT_YOURS = Code(
    "CONTACT-01",
    "error",
    "No site or organisation of yours",
    "Geen locatie of organisatie van u",
    "The code of a site or organisation that you look after.",
    "De code van een locatie of organisatie waar u over gaat.",
)
OF_ANOTHER = Code(
    "CONTACT-02",
    "error",
    "A site of another organisation",
    "Een locatie van een andere organisatie",
    "The organisation that this site is of, or an empty cell.",
    "De organisatie van deze locatie, of een lege cel.",
)
NOWHERE = Code(
    "CONTACT-03",
    "error",
    "Neither site nor organisation",
    "Locatie noch organisatie",
    "The code of a site, or that of an organisation.",
    "De code van een locatie, of die van een organisatie.",
)
NO_PHONE = Code(
    "CONTACT-04",
    "error",
    "No phone number",
    "Geen telefoonnummer",
    "Digits, with + ( ) - . / or blanks between them, and the 0 or + that the number begins with. Set the column to "
    "Text and type it again; an extension may stand with the function.",
    "Cijfers, met + ( ) - . / of spaties ertussen, en de 0 of + waarmee het nummer begint. Zet de kolom op Tekst en "
    "typ het opnieuw; een toestelnummer kan bij de functie staan.",
)
NO_EMAIL = Code(
    "CONTACT-05",
    "error",
    "No e-mail address",
    "Geen e-mailadres",
    "One address, such as name@hospital.example, or an empty cell.",
    "Eén adres, zoals naam@ziekenhuis.example, of een lege cel.",
)
TOO_LONG = Code(
    "CONTACT-06",
    "error",
    "Text that is too long",
    "Te lange tekst",
    "At most {most} characters.",
    "Hoogstens {most} tekens.",
)
SEVERAL = Code(
    "CONTACT-07",
    "error",
    "Several contacts of this function",
    "Meer contacten met deze functie",
    "One contact with this function at this place. There are more: change or erase one on its own page first.",
    "Eén contact met deze functie op deze plek. Er zijn er meer: wijzig of wis er eerst een op zijn pagina.",
)
TOO_MANY = Code(
    "CONTACT-08",
    "error",
    "Too many rows",
    "Te veel regels",
    "At most {most} rows in a file. Split it.",
    "Hoogstens {most} regels in een bestand. Splits het.",
)
NOT_FILLED = Code(
    "CONTACT-09",
    "note",
    "Row that was not filled in",
    "Regel die niet is ingevuld",
    "Left out: a place alone says nothing of a contact.",
    "Weggelaten: een plek alleen zegt niets over een contact.",
)
ON_CONTACTS = (NOT_YOURS, OF_ANOTHER, NOWHERE, NO_PHONE, NO_EMAIL, TOO_LONG, SEVERAL, TOO_MANY, NOT_FILLED)
"""What is found in a file of contacts beside what is found in any file."""
