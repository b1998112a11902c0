"""How much one file may hold, and why. What goes beyond is named in a finding and not read; nothing here is policy."""

MOST_BYTES = 500 * 2**20
"""Bytes of one file on disk. The national stock table is 130 MiB as CSV."""

MOST_ROWS = 20_000_000
"""Rows of one CSV or Parquet file: sixteen times the national stock table."""

MOST_SHEET_ROWS = 200_000
"""Rows of one sheet. A sheet of Excel ends at 1,048,576; a workbook near it takes minutes to open for a person too."""

MOST_CELLS = 4_000_000
"""Filled cells of one sheet: 200,000 rows of twenty columns, about half a gigabyte in memory."""

MOST_COLUMNS = 500
"""Columns of one table. The widest of ours has twenty."""

MOST_SHEETS = 200
"""Sheets of one workbook."""

MOST_UNPACKED = 500 * 2**20
"""Bytes that a workbook may unpack to: 200,000 full rows take about 250 MiB of XML."""

MOST_RATIO = 200
"""Bytes unpacked for each byte packed. Sheets of numbers reach 10 to 40; a bomb is near the format's limit of 1000."""

RATIO_FROM = 5 * 2**20
"""Unpacked bytes below which the ratio says nothing: a few megabytes do no harm."""

MOST_SHARED_TEXTS = 3_000_000
"""Different texts that a workbook keeps apart from its sheets."""

LONGEST_CELL = 32_767
"""Characters in a cell, the limit of Excel itself; a longer one is a quote that was never closed."""

MOST_ALIKE = 50
"""Findings of one code in one column that are listed one by one; a last one counts the rest."""

MOST_PLACED = 200_000
"""Rows of which a finding that speaks of many tells where they stand; as many as a sheet may have."""
