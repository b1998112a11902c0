"""Files in and out: a dataset is a folder of CSV, Parquet or Excel files named after the tables."""

from dijk.files.moment import lying_ahead, newest_told
from dijk.files.own import own_workbook
from dijk.files.places import with_places
from dijk.files.planning import planning
from dijk.files.proposed import Proposed, read_changes, read_judgements
from dijk.files.read import BOOKS, Dataset, read_folder
from dijk.files.refused import refused, refused_rows
from dijk.files.template import heading_of, name_of, template, templates
from dijk.files.write import read_tables, write_folder, write_results

__all__ = [
    "BOOKS",
    "Dataset",
    "Proposed",
    "heading_of",
    "lying_ahead",
    "name_of",
    "newest_told",
    "own_workbook",
    "planning",
    "read_changes",
    "read_folder",
    "read_judgements",
    "read_tables",
    "refused",
    "refused_rows",
    "template",
    "templates",
    "with_places",
    "write_folder",
    "write_results",
]
