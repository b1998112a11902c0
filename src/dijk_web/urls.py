"""Every address of the tower."""

from django.urls import URLPattern, URLResolver, include, path

from dijk_web.pages import account, people
from dijk_web.pages.health import health
from dijk_web.pages.invitation import invitation, invitation_code
from dijk_web.pages.language import language
from dijk_web.pages.start import start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("health/", health, name="health"),
    path("language/", language, name="language"),
    path("account/", include(account.addresses)),
    path("invitation/", invitation_code, name="invitation_code"),
    path("invitation/<str:code>/", invitation, name="invitation"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
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
