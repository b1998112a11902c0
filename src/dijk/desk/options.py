"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from dijk.tables import languages

DataFolder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        help="Folder with a file per table: CSV, Parquet or Excel; or one workbook with a sheet per table.",
    ),
]
NewFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write in; new or empty.")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder that 'dijk plan' wrote.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="See the world as known at this moment, UTC. Without it: the newest that the data tell."
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random stream.")]
Lang = Annotated[languages.Lang, typer.Option("--lang", envvar="DIJK_LANG", help="Language of what is said.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON on stdout, for machines.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over what an earlier time left in that folder.")]
Tables = Annotated[
    Path | None, typer.Option("--out", "-o", help="Also write the full tables of this step here, as Parquet.")
]
