"""The page of orders on a slow line, in a real browser: what it weighs on a second visit, and when it can be used."""

import sys
import time
from pathlib import Path
from typing import Any

from figures import Figure
from web_load import session_of

from dijk_web import serving

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
MOST_KB, MOST_SECONDS = 60, 5
WHO = ("care-home", "hospital")


def slow_line(web: serving.Web) -> list[Figure]:
    """For two who order. Nothing where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    from dijk_web.models import Person
    from visitors import CHROMIUM, open_browser

    if CHROMIUM is None:
        print("no Chromium: the slow line is left out", file=sys.stderr)
        return []
    sessions = {name: session_of(Person.objects.get(code=f"p-{name}")) for name in WHO}
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        return [one for name, session in sessions.items() for one in of_one(browser, web, name, session)]


def of_one(browser: Any, web: serving.Web, name: str, session: str) -> list[Figure]:
    """The first visit and the second of somebody."""
    context = browser.new_context()
    context.add_cookies([{"name": "dijk", "value": session, "url": web.address}])
    page = context.new_page()
    line = context.new_cdp_session(page)
    came: list[float] = []
    line.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    figures = []
    for visit in ("first", "second"):
        came.clear()
        page.goto("about:blank")
        began = time.perf_counter()
        page.goto(f"{web.address}orders/new/")
        page.locator("input.amount").first.fill("1")
        took = time.perf_counter() - began
        page.wait_for_load_state("networkidle")  # all that came is counted
        weight, aim = sum(came) / 1000, visit == "second"
        figures += [
            Figure(
                f"ordering page of a {name}, {visit} visit: weight",
                round(weight, 1),
                "kB",
                f"<= {MOST_KB}" if aim else None,
                weight <= MOST_KB if aim else None,
            ),
            Figure(
                f"ordering page of a {name}, {visit} visit: usable",
                round(took, 2),
                "s",
                f"<= {MOST_SECONDS}",
                took <= MOST_SECONDS,
            ),
        ]
    context.close()
    return figures
