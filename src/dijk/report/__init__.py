"""A plan as a situation report: one set of pages, three forms, two languages."""

from dijk.report.compose import report
from dijk.report.edition import EDITIONS, Edition, edition
from dijk.report.html import html
from dijk.report.issued import Corrected, Issued
from dijk.report.pages import About, Report, Text
from dijk.report.pdf import pdf
from dijk.report.region_workbook import region_lists
from dijk.report.xlsx import xlsx
from dijk.tables.languages import Lang

__all__ = [
    "EDITIONS",
    "About",
    "Corrected",
    "Edition",
    "Issued",
    "Lang",
    "Report",
    "Text",
    "edition",
    "html",
    "pdf",
    "region_lists",
    "report",
    "xlsx",
]
