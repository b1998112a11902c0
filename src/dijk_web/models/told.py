"""What was told and decided, row by row: facts, registers, judgements and published results. Rows are only added; the
database refuses to change or delete one. ``act`` is the number of the act that added it.
"""

from django.db import models
from django.db.models import Index

from dijk_web.models.of_table import of_table


class Told(models.Model):
    """A row of a table of the core, with the act that added it."""

    act = models.BigIntegerField()

    class Meta:
        """No table of its own."""

        abstract = True


@of_table("organisation")
class OrganisationRow(Told):
    """What was told of an organisation."""


@of_table("site")
class SiteRow(Told):
    """What was told of a site."""


@of_table("region")
class Region(Told):
    """What was told of a region."""


@of_table("region_share")
class RegionShare(Told):
    """How regions of one scheme lie in those of another."""


@of_table("sector")
class Sector(Told):
    """What was told of a sector."""


@of_table("risk_class")
class RiskClass(Told):
    """What was told of a class of treatment risk."""


@of_table("need")
class NeedRow(Told):
    """What was told of a need."""


@of_table("product")
class ProductRow(Told):
    """What was told of a product."""


@of_table("driver")
class Driver(Told):
    """What was told of a driver."""


@of_table("asked")
class Asked(Told):
    """Who was asked to report what."""


@of_table("indicator")
class Indicator(Told):
    """A day of a published series."""


@of_table("activity")
class Activity(Told):
    """Units of a driver at a site on a day."""

    class Meta:
        """Whether a site answered."""

        indexes = (Index(fields=["site", "day"], name="activity_of_site"),)


@of_table("use")
class Use(Told):
    """Recorded use."""

    class Meta:
        """Whether a site answered."""

        indexes = (Index(fields=["site", "day"], name="use_of_site"),)


@of_table("stock")
class Stock(Told):
    """A count."""

    class Meta:
        """The last counts of a site are asked for by every page about it; a lot is looked for at every site."""

        indexes = (
            Index(fields=["site", "day"], name="stock_of_site"),
            Index(fields=["product", "lot"], name="stock_of_lot"),
        )


@of_table("request")
class RequestRow(Told):
    """What was told of a request."""

    class Meta:
        """The history of a site's requests, withdrawn ones too."""

        indexes = (Index(fields=["site", "day"], name="request_of_site"),)


@of_table("delivery")
class Delivery(Told):
    """What reached a site."""

    class Meta:
        """The last deliveries to a site and what it passed on; a lot is looked for at every site."""

        indexes = (
            Index(fields=["site", "day"], name="delivery_to_site"),
            Index(fields=["from_site", "day"], name="delivery_from_site"),
            Index(fields=["product", "lot"], name="delivery_of_lot"),
        )


@of_table("inbound")
class Inbound(Told):
    """A line of what is ordered or on its way."""


@of_table("external_figure")
class ExternalFigure(Told):
    """A figure of someone else."""


@of_table("acceptance")
class Acceptance(Told):
    """Which product serves which need."""


@of_table("scope")
class Scope(Told):
    """How far a need is on the list."""


@of_table("verdict")
class Verdict(Told):
    """The experts' judgement on a need."""


@of_table("norm")
class Norm(Told):
    """Pieces per unit of a driver."""


@of_table("scenario")
class Scenario(Told):
    """A line of a what-if."""


@of_table("policy_rule")
class PolicyRule(Told):
    """A number or word that officials choose."""


@of_table("fence")
class Fence(Told):
    """A limit on what a group of claimants gets."""


@of_table("mandate")
class Mandate(Told):
    """Who may sign an order of how many cents."""


@of_table("policy_text")
class PolicyText(Told):
    """A text that the policy holds in both languages."""


@of_table("warning_reason")
class WarningReason(Told):
    """Why a row with a warning is right."""


@of_table("past_regime")
class PastRegime(Told):
    """How a published run routed a need."""


@of_table("past_situation")
class PastSituation(Told):
    """The picture of a published run."""


@of_table("past_level")
class PastLevel(Told):
    """A level of a published run."""


@of_table("past_award")
class PastAward(Told):
    """An award of a published run."""


@of_table("past_demand")
class PastDemand(Told):
    """Demand as a dataset of the past has it; a run's own stays in its folder, because no step reads it."""


@of_table("past_driver_forecast")
class PastDriverForecast(Told):
    """A driver forecast of a published run."""


TOLD: dict[str, type[Told]] = {model.table: model for model in Told.__subclasses__()}
"""The model of each table on disk."""
