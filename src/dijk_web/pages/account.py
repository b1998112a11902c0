"""Logging in is allauth's; here is which of its addresses the tower has, and how it behaves.

Left out: signing up, addresses by mail and passwords by mail, since people come in by invitation (`pages.invitation`)
and a mail lets in nobody but who is invited. Who forgot a password or lost a phone is let in again by who may invite
them.
"""

from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from dijk_web.models import Person
from dijk_web.models.person import end_sessions

addresses = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

SAID_BY_ALLAUTH = (
    _("Authenticator code"),
    _("Backup key"),
    _("Be patient, you are sending too many requests."),
    _("Code"),
    _("Current Password"),
    _("Email"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional "
        "requirements such as biometrics or PIN protection."
    ),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Master key"),
    _("New Password"),
    _("New Password (again)"),
    _("Password"),
    _("Passwordless"),
    _("Please type your current password."),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Use a security key"),
    _("Use authenticator app or code"),
    _("Use your password"),
    _("You must type the same password each time."),
)
"""Words of allauth that people meet, so that our Dutch goes before its own: it calls them je and we call them u."""


class Accounts(DefaultAccountAdapter):
    """Nobody signs up, and who logs in reads their own language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation only."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **more: object) -> HttpResponse:
        """The person's language, unless this browser chose one before."""
        response: HttpResponse = super().post_login(request, user, **more)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account."""
        return reverse("mfa_index")


class SecondFactors(DefaultMFAAdapter):
    """What an authenticator app shows as the place that it is for."""

    def get_totp_issuer(self) -> str:
        """Name and host, so that a demo and the real one are told apart."""
        return f"dijk ({self._get_site_name()})"


def end_other_sessions(sender: type, request: HttpRequest, user: Person, **more: object) -> None:
    """A second factor was added: sessions that were opened without it end, so that a password alone opens nothing."""
    end_sessions(user, but=request.session.session_key)


authenticator_added.connect(end_other_sessions)
