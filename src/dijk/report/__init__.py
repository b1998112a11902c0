"""A plan as a situation report: one set of pages, three forms, two languages."""

from dijk.report.compose import report
from dijk.report.lists import region_lists
from dijk.report.pages import About, Lang, Report, Text
from dijk.report.paper import pdf
from dijk.report.sheets import xlsx
from dijk.report.web import html

__all__ = ["About", "Lang", "Report", "Text", "html", "pdf", "region_lists", "report", "xlsx"]
