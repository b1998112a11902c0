"""A plan as a situation report: one set of pages, three forms, two languages."""

from dijk.report.compose import report
from dijk.report.pages import About, Lang, Report, Text
from dijk.report.paper import pdf
from dijk.report.web import html

__all__ = ["About", "Lang", "Report", "Text", "html", "pdf", "report"]
