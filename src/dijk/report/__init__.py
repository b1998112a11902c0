"""A plan as a situation report: one set of pages, three forms, two languages."""

from dijk.report.compose import report
from dijk.report.pages import About, Lang, Report, Text

__all__ = ["About", "Lang", "Report", "Text", "report"]
