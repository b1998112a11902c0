"""Every address of the tower."""

from django.urls import URLPattern, URLResolver, include, path

from dijk_web.pages import (
    account,
    contacts,
    contacts_file,
    datasets,
    desks,
    dispatches,
    divisions,
    effects,
    inbound,
    inbound_line,
    invite_contacts,
    letters,
    needs,
    one_request,
    order_list,
    people,
    policy,
    proposals,
    region_check,
    runs,
    sending,
    silent,
    situation,
    sizes,
    urgent,
    waiting,
)
from dijk_web.pages.activity import ACTIVITY
from dijk_web.pages.figures import figures
from dijk_web.pages.health import health
from dijk_web.pages.invitation import invitation, invitation_code
from dijk_web.pages.language import language
from dijk_web.pages.log import log
from dijk_web.pages.orders import new_order
from dijk_web.pages.own_workbook import own_workbook
from dijk_web.pages.purchases import PURCHASES
from dijk_web.pages.sites import choose, choose_held, receipt
from dijk_web.pages.start import start
from dijk_web.pages.stock import STOCK
from dijk_web.pages.telling import page_to_tell
from dijk_web.pages.upload import one_upload, refused_rows, upload, upload_file
from dijk_web.pages.use import USE
from dijk_web.pages.why import why

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("health/", health, name="health"),
    path("language/", language, name="language"),
    path("account/", include(account.addresses)),
    path("invitation/", invitation_code, name="invitation_code"),
    path("invitation/<str:code>/", invitation, name="invitation"),
    path("situation/", situation.situation, name="situation"),
    path("situation/cell/", situation.cell, name="cell"),
    path("situation/flows/", situation.requested_and_delivered, name="requested_and_delivered"),
    path("situation/routing/", situation.routing, name="routing"),
    path("situation/others/", situation.figures_of_others, name="figures_of_others"),
    path("sites/<str:site>/why/", why, name="why"),
    path("runs/", runs.runs, name="runs"),
    path("runs/preview/", runs.preview, name="preview"),
    path("runs/<int:number>/", runs.run, name="run"),
    path("runs/<int:number>/publish/", runs.publish, name="publish"),
    path("runs/<int:number>/<str:what>.zip", runs.download, name="download"),
    path("divisions/", divisions.divisions, name="divisions"),
    path("divisions/<int:number>/", divisions.division, name="division"),
    path("divisions/<int:number>/<str:region>/", region_check.region_check, name="region_check"),
    path("divisions/<int:number>/<str:region>.xlsx", region_check.region_book, name="region_book"),
    path("divisions/<int:number>/<str:region>/<str:need>/", region_check.region_need, name="region_need"),
    path("dispatches/", dispatches.dispatches, name="dispatches"),
    path("dispatches/<int:act>/<int:line>/", dispatches.dispatch, name="dispatch"),
    path("sending/", sending.to_send, name="to_send"),
    path("sending/<str:site>/<str:product>/", sending.send_article, name="send_article"),
    path("log/<str:about>/", log, name="log"),
    path("stock/", choose, {"topic": "stock"}, name="my_stock"),
    path("held/", choose_held, name="held_stock"),
    path("use/", choose, {"topic": "use"}, name="my_use"),
    path("activity/", choose, {"topic": "activity"}, name="my_activity"),
    path("purchases/", choose, {"topic": "purchases"}, name="my_purchases"),
    path("why/", choose, {"topic": "why"}, name="my_awards"),
    path("sites/<str:site>/stock/", page_to_tell(STOCK), name="stock"),
    path("sites/<str:site>/use/", page_to_tell(USE), name="use"),
    path("sites/<str:site>/activity/", page_to_tell(ACTIVITY), name="activity"),
    path("sites/<str:site>/purchases/", page_to_tell(PURCHASES), name="purchases"),
    path("orders/", order_list.orders, name="orders"),
    path("orders/new/", new_order, name="new_order"),
    path("orders/<str:request_code>/", one_request.one_request, name="request"),
    path("needs/", needs.needs, name="needs"),
    path("needs/<str:code>/", needs.need, name="need"),
    path("policy/", policy.policy, name="policy"),
    path("policy/<str:table>/propose/", proposals.propose, name="propose"),
    path("policy/<str:table>/<path:key>/", policy.judgement, name="judgement"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:number>/", proposals.proposal, name="proposal"),
    path("proposals/<int:number>/effect/", effects.effect, name="effect"),
    path("figures/", figures, name="figures"),
    path("datasets/", datasets.datasets, name="datasets"),
    path("datasets/<int:number>/", datasets.dataset, name="dataset"),
    path("datasets/<int:number>/take/", datasets.want, name="want_dataset"),
    path("inbound/", inbound.inbound, name="inbound"),
    path("inbound/new/", inbound_line.new_line, name="new_line"),
    path("inbound/<path:order>/<int:line>/", inbound_line.order_line, name="order_line"),
    path("upload/", upload, name="upload"),
    path("upload/workbook/", own_workbook, name="own_workbook"),
    path("upload/<int:number>/", one_upload, name="one_upload"),
    path("upload/<int:number>/file/", upload_file, name="upload_file"),
    path("upload/<int:number>/refused/", refused_rows, name="refused_rows"),
    path("acts/<int:number>/", receipt, name="receipt"),
    path("urgent/", urgent.urgent, name="urgent"),
    path("urgent/new/", choose, {"topic": "order_urgently"}, name="my_urgent"),
    path("urgent/<int:number>/", urgent.urgent_order, name="urgent_order"),
    path("sites/<str:site>/urgent/", urgent.order_urgently, name="order_urgently"),
    path("silent/", silent.silent, name="silent"),
    path("silent/ask/", silent.ask_again, name="ask_again"),
    path("sites/<str:site>/calls/", silent.calls, name="calls"),
    path("counts/", waiting.waiting, name="waiting"),
    path("sites/<str:site>/counts/", waiting.counts, name="counts"),
    path("sizes/", sizes.sizes, name="sizes"),
    path("sites/<str:site>/size/", sizes.size, name="size"),
    path("desks/", desks.desks, name="desks"),
    path("desks/new/", desks.new_desk, name="new_desk"),
    path("desks/<int:number>/", desks.desk, name="desk"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.new_contact, name="new_contact"),
    path("contacts/file/", contacts_file.contacts_by_file, name="contacts_by_file"),
    path("contacts/file/workbook/", contacts_file.contacts_workbook, name="contacts_workbook"),
    path("contacts/invite/", invite_contacts.invite_contacts, name="invite_contacts"),
    path("contacts/to-call/", invite_contacts.to_call, name="to_call"),
    path("contacts/<str:code>/", contacts.contact, name="contact"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/letters/", letters.letters, name="letters"),
    path("people/invitations/<int:number>/", people.letter, name="letter"),
    path("people/invitations/<int:number>/withdraw/", people.withdraw_invitation, name="withdraw_invitation"),
    path("people/<str:code>/", people.person, name="person"),
    path("people/<str:code>/leave/", people.let_go, name="let_go"),
    path("people/<str:code>/again/", people.let_in_again, name="let_in_again"),
    path("people/<str:code>/role/", people.change_role, name="change_role"),
]

handler403 = "dijk_web.pages.errors.forbidden"
handler404 = "dijk_web.pages.errors.not_found"
handler500 = "dijk_web.pages.errors.broken"
