"""Who may come in. The log names people by ``code``, never by name, because it is kept for ever and names are not."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from dijk_web.people import Directorate, Role


class Person(AbstractBaseUser):
    """Somebody with one role, and the organisation, sites or region that it is for."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    organisation = models.CharField(max_length=80, null=True, blank=True)
    region = models.CharField(max_length=80, null=True, blank=True)
    sites = models.JSONField(default=list, blank=True)
    """Codes of the sites of the organisation that the person speaks for; empty is all of them."""
    directorate = models.CharField(
        max_length=3, null=True, blank=True, choices=[(one.value, one.value) for one in Directorate]
    )
    is_owner = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="nl", choices=[("nl", "Nederlands"), ("en", "English")])

    objects = BaseUserManager["Person"]()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ("code", "name", "role")

    class Meta:
        """Each role says what it is for."""

        db_table = "person"
        constraints = (
            models.CheckConstraint(
                name="person_institution_has_organisation",
                condition=~Q(role=Role.INSTITUTION) | Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="person_coordinator_has_region", condition=~Q(role=Role.COORDINATOR) | Q(region__isnull=False)
            ),
            models.CheckConstraint(
                name="person_official_has_directorate", condition=~Q(role=Role.OFFICIAL) | Q(directorate__isnull=False)
            ),
        )
