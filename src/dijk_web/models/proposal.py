"""What takes two: somebody proposes, another person decides. A proposal is no fact, and holds nowhere until then."""

from django.db import models
from django.db.models import F, Q

from dijk_web.people import Role


class Decision(models.TextChoices):
    """How far a proposal is; all but the first are the end of it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


SEAT, DATASET, DIVISION, REPORT, LOAN = "seat", "dataset", "division", "report", "loan"
"""Kinds beside judgements: giving somebody a role that proposes or decides, taking in a dataset with judgements in it,
releasing what a run gives each site, freezing a report, and lending to another region, which decides.
"""

OPEN = Q(state=Decision.PROPOSED)
DECIDED = Q(state__in=(Decision.APPROVED, Decision.REFUSED))


class Proposals(models.QuerySet["Proposal"]):
    """Proposals by how far they are."""

    def open(self) -> "Proposals":
        """Those that wait for another person."""
        return self.filter(OPEN)


class Proposal(models.Model):
    """What somebody proposed, what it rests on, and how it ended. Its number is that of the act that proposed it."""

    act = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    """The table of the judgement that it would add, or what else it would do."""
    about = models.CharField(max_length=500)
    """The object: of a judgement its table and key."""
    content = models.JSONField()
    """What approving it carries out; of a judgement the row, as its file would have it."""
    reason = models.CharField(max_length=1000)
    rests_on = models.BigIntegerField()
    """The last act on the object when it was proposed; once another came, it is overtaken."""
    proposed_at = models.DateTimeField()
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    state = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PROPOSED)
    ended_act = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, blank=True, default="")
    ended_role = models.CharField(max_length=20, blank=True, default="")
    ended_why = models.CharField(max_length=1000, blank=True, default="")

    objects = Proposals.as_manager()

    class Meta:
        """It ends once, and nobody decides on what they proposed themselves."""

        db_table = "proposal"
        indexes = (
            models.Index(fields=["about", "act"], name="proposal_about"),
            models.Index(fields=["kind", "act"], name="proposal_open", condition=OPEN),
        )
        constraints = (
            models.CheckConstraint(
                name="proposal_ends_with_an_act",
                condition=(OPEN & Q(ended_act=None)) | (~OPEN & Q(ended_act__isnull=False)),
            ),
            models.CheckConstraint(name="proposal_takes_two", condition=~DECIDED | ~Q(ended_by=F("by"))),
        )

    @property
    def log(self) -> str:
        """In whose log it stands: that of the person, dataset or loan it is about, else its own."""
        return self.about if self.kind in (SEAT, DATASET, LOAN) else f"proposal:{self.act}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for another person."""
        return self.state == Decision.PROPOSED
