"""What the database holds: rows that were told, what is current of them, the log, people and runs."""

from dijk_web.models.act import Act, Pen
from dijk_web.models.call import Call, Outcome
from dijk_web.models.current import CURRENT, Need, Organisation, Product, Request, Site
from dijk_web.models.desk import Contact, Desk, Subject
from dijk_web.models.dispatch import Dispatch
from dijk_web.models.division import Answer, Division, Move, RegionCheck, Silence
from dijk_web.models.effect import Effect
from dijk_web.models.intake import Intake, Step
from dijk_web.models.invitation import Invitation
from dijk_web.models.kept_form import KeptForm
from dijk_web.models.loan import Loan
from dijk_web.models.lot_block import LotBlock
from dijk_web.models.mail import DigestDay, Mail, MailKind, MailState, Unreached
from dijk_web.models.person import MailWhen, Person
from dijk_web.models.proposal import Decision, Proposal
from dijk_web.models.question import Objection, Question, Reply
from dijk_web.models.recall import Recall, RecallPart, Todo
from dijk_web.models.report import IssuedReport, Made, ReportDayMove, ReportWish
from dijk_web.models.review import Kind, Meeting, Review, Word
from dijk_web.models.run import Run, State
from dijk_web.models.told import (
    TOLD,
    Acceptance,
    Activity,
    Asked,
    Delivery,
    Driver,
    ExternalFigure,
    Fence,
    Inbound,
    Indicator,
    Mandate,
    NeedRow,
    Norm,
    OrganisationRow,
    PastAward,
    PastDemand,
    PastDriverForecast,
    PastLevel,
    PastRegime,
    PastSituation,
    PolicyRule,
    PolicyText,
    ProductRow,
    Region,
    RegionShare,
    RequestRow,
    RiskClass,
    Scenario,
    Scope,
    Sector,
    SiteRow,
    Stock,
    Told,
    Use,
    Verdict,
    WarningReason,
)
from dijk_web.models.upload import Upload
from dijk_web.models.urgent import UrgentOrder
from dijk_web.models.urgent_release import UrgentRelease
from dijk_web.models.way_back import Because, WayBack

__all__ = [
    "CURRENT",
    "TOLD",
    "Acceptance",
    "Act",
    "Activity",
    "Answer",
    "Asked",
    "Because",
    "Call",
    "Contact",
    "Decision",
    "Delivery",
    "Desk",
    "DigestDay",
    "Dispatch",
    "Division",
    "Driver",
    "Effect",
    "ExternalFigure",
    "Fence",
    "Inbound",
    "Indicator",
    "Intake",
    "Invitation",
    "IssuedReport",
    "KeptForm",
    "Kind",
    "Loan",
    "LotBlock",
    "Made",
    "Mail",
    "MailKind",
    "MailState",
    "MailWhen",
    "Mandate",
    "Meeting",
    "Move",
    "Need",
    "NeedRow",
    "Norm",
    "Objection",
    "Organisation",
    "OrganisationRow",
    "Outcome",
    "PastAward",
    "PastDemand",
    "PastDriverForecast",
    "PastLevel",
    "PastRegime",
    "PastSituation",
    "Pen",
    "Person",
    "PolicyRule",
    "PolicyText",
    "Product",
    "ProductRow",
    "Proposal",
    "Question",
    "Recall",
    "RecallPart",
    "Region",
    "RegionCheck",
    "RegionShare",
    "Reply",
    "ReportDayMove",
    "ReportWish",
    "Request",
    "RequestRow",
    "Review",
    "RiskClass",
    "Run",
    "Scenario",
    "Scope",
    "Sector",
    "Silence",
    "Site",
    "SiteRow",
    "State",
    "Step",
    "Stock",
    "Subject",
    "Todo",
    "Told",
    "Unreached",
    "Upload",
    "UrgentOrder",
    "UrgentRelease",
    "Use",
    "Verdict",
    "WarningReason",
    "WayBack",
    "Word",
]
