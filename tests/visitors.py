"""People at a real browser, in one language, with or without scripts, by hand or by the keyboard alone.

Whatever the browser complains of in its console, and whatever it asks of another host, is kept and must be nothing.
"""

import shutil
import time
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Request

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
AXE = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
FINDINGS = "Failed to load resource: the server responded with a status of 422"
"""What Chromium logs of a form that comes back with findings, which is how such an answer is marked."""
PATIENCE = 20_000
"""Milliseconds that anything may take on a busy machine."""
WIDTHS = (320, 640, 1280)
"""A phone, a laptop at 200 % zoom (1280 pixels seen as 640), and a laptop."""
AT_MOST = 200
"""Presses of Tab within which everything on a page must be reached."""


def open_browser(playwright: Playwright) -> Browser:
    """The browser of the system, without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])


@dataclass
class Visitor:
    """One person at one browser. What is looked for is named by its English words and found in the person's language."""

    browser: Browser
    where: str
    lang: str
    script: bool = True
    keyboard: bool = False
    width: int = 1280
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            locale={"nl": "nl-NL", "en": "en-GB"}[self.lang],
            java_script_enabled=self.script,
            viewport={"width": self.width, "height": 900},
        )
        self.context.on("request", self._asks)
        self.context.on("console", self._complains)
        self.context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()

    def _asks(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.where).netloc:
            self.faults.append(f"another host: {request.url}")

    def _complains(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(FINDINGS):
            self.faults.append(f"console: {message.text}")

    def leave(self) -> None:
        """Close the browser's window; nothing may have gone wrong in it."""
        self.context.close()
        assert self.faults == []

    # Going about

    def go(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(self.where + path)
        assert answer
        assert answer.ok, f"{path}: {answer.status}"

    def log_in(self, name: str, password: str) -> None:
        """Log in as somebody of the demo, or with an address."""
        self.go("/account/login/")
        self.type("Email", name if "@" in name else f"{name}@demo.example")
        self.type("Password", password)
        self.press("Log in")
        assert "/account/login" not in self.page.url, self.said()
        if self.page.locator("html").get_attribute("lang") != self.lang:
            self.use(self.page.locator(f"header button[lang={self.lang}]"))

    def said(self) -> str:
        """The text of the page."""
        return " ".join(self.page.inner_text("main").split())

    def sees(self, english: str, **gaps: object) -> None:
        """The page says this, in the person's language."""
        text = " ".join((self.words(english) % gaps if gaps else self.words(english)).split())
        assert text in self.said(), f"{text!r} is not in {self.said()[:1500]!r}"

    def words(self, english: str) -> str:
        """What the screens say in the person's language."""
        with translation.override(self.lang):
            return translation.gettext(english)

    # Typing and pressing

    def type(self, english: str, text: str) -> None:
        """Type in the field of this label, in place of what stands there."""
        self.type_in(self.page.locator("main").get_by_label(self.words(english), exact=True).first, text)

    def type_in(self, place: Locator, text: str) -> None:
        """Type in a field, in place of what stands there."""
        assert place.count(), self.said()
        if not self.keyboard:
            place.fill(text)
            return
        self.reach(place)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose_in(self, place: Locator, value: str) -> None:
        """Choose of a list."""
        if not self.keyboard:
            place.select_option(value)
            return
        self.reach(place)
        while place.input_value() != value:
            before = place.input_value()
            self.page.keyboard.press("ArrowDown")
            assert place.input_value() != before, f"{value} is not in the list"

    def tick(self, place: Locator) -> None:
        """Tick a box."""
        if not self.keyboard:
            place.check()
            return
        self.reach(place)
        self.page.keyboard.press("Space")

    def press(self, english: str) -> None:
        """Press a button of the page."""
        self.use(self.button(english))

    def press_twice(self, english: str) -> None:
        """Press a button twice, as hurried people do; the second answer takes the place of the first."""
        before, button = self.page.url, self.button(english)
        if self.keyboard:
            self.reach(button)
            self.page.keyboard.press("Enter")
            self.page.keyboard.press("Enter")
        else:
            button.dblclick()
        end = time.monotonic() + PATIENCE / 1000
        while self.page.url == before:  # the first answer is broken off, so no one navigation can be waited for
            assert time.monotonic() < end, self.said()
            self.page.wait_for_timeout(50)
        self.page.wait_for_load_state()

    def button(self, english: str) -> Locator:
        """A button of the page by what it says."""
        return self.page.get_by_role("button", name=self.words(english), exact=True).first

    def follow(self, english: str) -> None:
        """Follow a link."""
        self.use(self.page.get_by_role("link", name=self.words(english), exact=True).first)

    def use(self, place: Locator) -> None:
        """Press or follow; the page that comes is there when this ends."""
        if self.keyboard:
            self.reach(place)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter") if self.keyboard else place.click()

    def reach(self, place: Locator) -> None:
        """Go to a place by Tab alone; where nothing shows that it has the focus, nobody would know."""
        place.wait_for(state="attached")
        for _ in range(AT_MOST):
            if place.evaluate("one => one === document.activeElement"):
                ring = place.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow")
                assert ring != "nonenone", "the focus cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{place} is not reached by Tab")

    # Looking

    def axe(self) -> list[Any]:
        """What axe-core finds wrong with the page."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [[fault["id"], fault["help"], fault["nodes"][0]["html"][:200]] for fault in found["violations"]]

    def too_wide(self, width: int) -> int:
        """By how many pixels the page is wider than a window of this width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        root = "document.documentElement"
        return int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))

    def sound(self) -> None:
        """The page has no fault that axe knows and is never wider than its window, where scripts can look."""
        if self.script:
            assert self.axe() == []
            assert [width for width in WIDTHS if self.too_wide(width)] == []

    def picture(self, folder: str, name: str) -> None:
        """Keep what the page looks like, at the widths of a desk and of a phone."""
        for width in (1280, 320):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=f"{folder}/{name}-{self.lang}-{width}.png", full_page=True)
