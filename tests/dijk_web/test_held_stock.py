"""The stock of hubs and warehouses: on the page of stock, by who may tell of it."""

from types import SimpleNamespace

import pytest

from dijk_web.actions.writing import writing
from dijk_web.models import Act, Stock
from four_people import browser
from ground import NEEDS, TODAY
from telling_forms import sent

GOWN = "gown-box|-|approved"


def counted(amount: str, unit: str = "pieces", lot: str = "-", **more: str) -> dict[str, str]:
    key = f"gown-box|{lot}|approved"
    return {f"amount:{key}": amount, f"unit:{key}": unit, f"each:{key}": "50", "on_behalf": "visit", **more}


@pytest.fixture
def held(ground: SimpleNamespace) -> SimpleNamespace:
    """A hub in each region, and a warehouse of the consortium in the north that keeps lots."""
    of = {"organisation": "hospital-south", "source": "test"}
    sites = [("hub-north", "regional_hub", "north"), ("hub-south", "regional_hub", "south")]
    sites += [("hall", "warehouse", "north")]
    about = {"site": "hall", "product": "gown-box", "lot": "L7", "status": "quarantine", "source": "test"}
    with writing("registers_told", by=ground.pim, about="registers") as act:
        act.tell("site", [{**of, "site": s, "name": s.title(), "kind": k, "region": r} for s, k, r in sites])
        act.tell("stock", [{**about, "day": TODAY, "pieces": 300, "how": "counted"}])
    return ground


def test_a_region_tells_the_stock_of_its_own_hub_and_of_no_warehouse(held: SimpleNamespace) -> None:
    ravi = browser(held.ravi)
    assert ravi.get("/held/").headers["location"] == "/sites/hub-north/stock/"
    page = ravi.get("/sites/hub-north/stock/").content.decode()
    assert all(f"amount:{code}-box|-|approved" in page for code in NEEDS)  # every article, though it has no needs
    done = sent(ravi, "/sites/hub-north/stock/", **counted("12", "packs"))
    assert "12 boxes of 50 = 600 pieces" in ravi.get(done.headers["location"]).content.decode()
    row = Stock.objects.last()
    assert (row.site_id, row.pieces, row.source) == ("hub-north", 600, "region by visit")
    assert Act.objects.latest("number").about == "site:hub-north"
    assert ravi.get("/sites/hall/stock/").status_code == 403
    assert ravi.get("/sites/hub-south/stock/").status_code == 404


def test_the_consortium_tells_of_every_hub_and_warehouse_lot_by_lot(held: SimpleNamespace) -> None:
    pim = browser(held.pim)
    page = pim.get("/held/").content.decode()
    assert all(name in page for name in ("Hub-North", "Hub-South", "Hall")) and "Hospital-North" not in page
    page = pim.get("/sites/hall/stock/").content.decode()
    assert "Gown in a box, lot L7, status quarantine" in page and "6 boxes of 50 = 300 pieces" in page
    assert "<h1>Stock: Hall</h1>" in page
    dutch = pim.get("/sites/hall/stock/", headers={"accept-language": "nl"}).content.decode()
    assert "partij L7, status quarantaine" in dutch
    key = "gown-box|L7|quarantine"
    form = {f"amount:{key}": "5", f"unit:{key}": "packs", f"each:{key}": "50", "on_behalf": "visit"}
    assert sent(pim, "/sites/hall/stock/", step="look", **form).status_code == 200
    sent(pim, "/sites/hall/stock/", **form)
    row = Stock.objects.last()
    assert (row.site_id, row.lot, row.status, row.pieces) == ("hall", "L7", "quarantine", 250)


def test_a_lot_that_came_new_gets_a_line_of_its_own_and_what_was_typed_stays(held: SimpleNamespace) -> None:
    pim, address = browser(held.pim), "/sites/hall/stock/"
    new = {"new-product": "mask-box", "new-lot": "M2", "new-status": "approved", "new-expires_on": "2021-05-01"}
    page = sent(pim, address, step="add", **new, **{"amount:gown-box|L7|quarantine": "7"}).content.decode()
    key = "mask-box|M2|approved|2021-05-01"
    assert "Mask in a box, lot M2" in page and f'name="amount:{key}"' in page and 'value="7"' in page
    form = {f"amount:{key}": "3", f"unit:{key}": "packs", f"each:{key}": "20", "on_behalf": "visit"}
    assert "3 boxes of 20 = 60 pieces" in sent(pim, address, step="look", **form).content.decode()
    sent(pim, address, **form)
    row = Stock.objects.last()
    assert (row.product_id, row.lot, row.pieces, str(row.expires_on)) == ("mask-box", "M2", 60, "2021-05-01")
    assert 'name="amount:mask-box|M2|approved"' in pim.get(address).content.decode()
    wrong = sent(pim, address, step="add", **new | {"new-lot": "a|b"})
    assert wrong.status_code == 422 and Stock.objects.count() == 3


def test_who_owns_the_building_does_not_tell_what_is_held_there(held: SimpleNamespace) -> None:
    otto = browser(held.otto)
    assert otto.get("/sites/hub-south/stock/").status_code == 403
    assert otto.post("/sites/hub-south/stock/", counted("5")).status_code == 403
    assert otto.get("/stock/").headers["location"] == "/sites/site-hospital-south/stock/"


def test_a_hub_has_neither_use_nor_activity_nor_purchases_to_tell(held: SimpleNamespace) -> None:
    for page in ("use", "activity", "purchases"):
        assert browser(held.pim).get(f"/sites/hub-north/{page}/").status_code == 403
