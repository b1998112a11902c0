"""What people say of a need beside the judgements on it: questions, answers, and objections to a verdict. Each is a row
that is only added; it names the function of who said it, and the log alone has who that was.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dijk_web.people import Role

ROLES = [(role.value, role.value) for role in Role]


class Said(models.Model):
    """Words of somebody, by the function in which they said them."""

    act = models.BigIntegerField(primary_key=True)
    text = models.CharField(max_length=1000)
    role = models.CharField(max_length=20, choices=ROLES)
    region = models.CharField(max_length=80, blank=True, default="")
    directorate = models.CharField(max_length=3, blank=True, default="")
    said_at = models.DateTimeField()

    class Meta:
        """No table of its own."""

        abstract = True


class Question(Said):
    """A question about a need; one of what is not listed has none, and goes to the review."""

    need = models.CharField(max_length=80, blank=True, default="")
    organisation = models.CharField(max_length=80, blank=True, default="")
    """Of an institution, so that colleagues find their question again; no other page shows it."""

    class Meta:
        """It says something; an institution asks for its organisation, and nobody else does."""

        db_table = "question"
        ordering: ClassVar = ("-act",)
        indexes = (models.Index(fields=["need", "act"], name="question_of_need"),)
        constraints = (
            models.CheckConstraint(name="question_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="question_of_an_organisation",
                condition=(Q(role=Role.INSTITUTION.value) & ~Q(organisation=""))
                | (~Q(role=Role.INSTITUTION.value) & Q(organisation="")),
            ),
        )

    @property
    def log(self) -> str:
        """In whose log it stands: its own, so that the log of a need says not who asked."""
        return f"question:{self.act}"


class Reply(Said):
    """An answer to a question. There may be more than one; none replaces another."""

    question = models.BigIntegerField(db_index=True)

    class Meta:
        """It says something, and comes after what it answers."""

        db_table = "reply"
        ordering: ClassVar = ("act",)
        constraints = (
            models.CheckConstraint(name="reply_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="reply_after_its_question", condition=Q(act__gt=F("question"))),
        )


class Objection(Said):
    """An objection to a verdict: it stays with it, and changes nothing that holds."""

    need = models.CharField(max_length=80)
    verdict = models.BigIntegerField()
    """The act that told the verdict."""

    class Meta:
        """Made by planner or official, with a reason, and later than what it is about."""

        db_table = "objection"
        ordering: ClassVar = ("act",)
        indexes = (models.Index(fields=["need", "verdict"], name="objection_to_verdict"),)
        constraints = (
            models.CheckConstraint(name="objection_has_its_reason", condition=~Q(text="")),
            models.CheckConstraint(
                name="objection_of_no_expert", condition=Q(role__in=[Role.PLANNER.value, Role.OFFICIAL.value])
            ),
            models.CheckConstraint(name="objection_after_its_verdict", condition=Q(act__gt=F("verdict"))),
        )
