"""The commands of the web application: ``serve`` runs it, ``administrator`` lets the first person in, ``verify`` and
``rebuild`` look whether its database is whole.

It is an extra: its modules are imported inside the functions here alone, and where they are missing that is said.
"""

from types import ModuleType
from typing import Annotated, Any

import typer

from dijk.desk.ending import DIFFERS, FINE, NOTHING, USAGE, Stop
from dijk.desk.options import Json, Lang
from dijk.desk.screen import give, tell, whole, working
from dijk.desk.words import say

ENDS = {"web": "web_ended", "worker": "worker_ended"}
"""What is said when a process ends by itself."""


# parameters: the options of the command
def serve(
    host: Annotated[str, typer.Option("--host", help="Address of this machine to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="Port to listen at.")] = 8000,
    threads: Annotated[int, typer.Option("--threads", min=1, max=64, help="Requests at hand at a time.")] = 8,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=32, help="Web processes; on SQLite one, on PostgreSQL more.")
    ] = 1,
    lang: Lang = "en",
) -> None:
    """Run the web application: its pages and the worker that makes plans.

    Brings the database up to date first. Ctrl-C or SIGTERM ends both; where one of them ends by itself, the other is
    ended too. Settings come from the environment: `DIJK_DATA` (folder of the database, runs and uploads),
    `DIJK_SECRET`, `DIJK_HOSTS` (names, split by commas) and, for a PostgreSQL, `DIJK_DATABASE_URL`. It stands behind a
    proxy that speaks https. `DIJK_DEMO=1` serves this machine alone without them, and
    `DIJK_CLOCK=2020-04-27T08:00:00Z` then starts its clock at that moment.
    """
    serving = open_tower()
    web = serving.Web(host, port, threads, processes)
    refuse_web(web, serving)
    with serving.stopping_gently():
        with working(say("preparing", lang)):
            serving.prepare()
        with serving.processes(web) as started:
            if serving.answers(web, started):
                tell(say("served", lang, web.address))
                gone = serving.until_stopped(started)
            else:
                gone = serving.ended(started)
                if gone is None:
                    raise Stop(NOTHING, "no_answer", web.address)
    if gone is not None:
        raise Stop(NOTHING, ENDS[gone.name], gone.code)
    tell(say("stopped", lang))


def administrator(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")],
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address to log in with.")],
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Let an administrator in: prints a link that is good for fourteen days, once.

    For the first one, who then lets others in on the page of people, and for one who lost the password or the second
    factor while nobody else can help. Whoever has the machine may do this; the log of the web application says that it
    was done there. `DIJK_DATA` or `DIJK_DATABASE_URL` says which database.
    """
    open_database()
    from dijk_web.actions.administrator import NotLetIn, invite_administrator, link_of

    try:
        invitation = invite_administrator(name=name, email=email)
    except NotLetIn as why:
        raise Stop(USAGE, f"not_let_in.{why}", email) from None
    link = link_of(invitation)
    give(
        {"link": link, "until": invitation.expires_at.isoformat()},
        say("administrator_invited", lang, link),
        as_json=as_json,
    )


def verify(lang: Lang = "en", as_json: Json = False) -> None:
    """Look whether the database of the web application holds what was written in it.

    Every act is sealed anew, with the rows that it added. A row that was changed, added or taken away behind its back
    is told with its act. `DIJK_DATA` or `DIJK_DATABASE_URL` says which database.
    """
    chain = open_database()
    with working(say("verifying", lang)):
        broken = chain.broken_acts()
    lines = [say(f"broken.{one.how}", lang, one.act, one.table, one.there, one.added) for one in broken]
    found = {"acts": chain.last_act(), "broken": [vars(one) for one in broken]}
    give(found, *(lines or [say("acts_fit", lang, whole(chain.last_act(), lang))]), as_json=as_json)
    raise typer.Exit(DIFFERS if broken else FINE)


def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Compare only; write nothing.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Write anew what is current of organisations, sites, needs, products and requests, from the rows that were told.

    Pages read these tables because they are small; all that they say follows from the rows, which are only added.
    `DIJK_DATA` or `DIJK_DATABASE_URL` says which database.
    """
    chain = open_database()
    with working(say("rebuilding", lang)):
        found: dict[str, int] = chain.projections_that_differ() if check else chain.write_projections_anew()
    if not check:
        lines = [say("projection_written", lang, name, whole(codes, lang)) for name, codes in found.items()]
        give({"written": found}, *lines, as_json=as_json)
        return
    lines = [say("projection_differs", lang, name, whole(codes, lang)) for name, codes in found.items()]
    give({"differ": found}, *(lines or [say("projections_fit", lang, ", ".join(chain.CURRENT))]), as_json=as_json)
    raise typer.Exit(DIFFERS if found else FINE)


def open_tower() -> Any:
    """The module that serves, once the web application is there and its settings are right.

    Raises
    ------
    Stop
        The extra is not installed, or a setting is missing or wrong.
    """
    try:
        from dijk_web import opening, serving
    except ModuleNotFoundError as missing:
        raise Stop(NOTHING, "no_web", missing.name) from None
    try:
        opening.open_tower()
    except ModuleNotFoundError as missing:
        raise Stop(NOTHING, "no_web", missing.name) from None
    except opening.CannotOpen as wrong:
        raise Stop(USAGE, "cannot_open", wrong) from None
    return serving


def open_database() -> Any:
    """The module that looks whether a database is whole, once there is one.

    Raises
    ------
    Stop
        As `open_tower`; or there is no database, or one of an older version.
    """
    open_tower()
    from dijk_web import chain, opening

    try:
        opening.must_be_there()
    except opening.CannotOpen as wrong:
        raise Stop(NOTHING, "no_tower", wrong) from None
    return chain


def refuse_web(web: Any, serving: ModuleType) -> None:
    """Stop where the tower cannot be served so.

    Raises
    ------
    Stop
        More than one process on SQLite, or somebody listens there.
    """
    from dijk_web.opening import on_sqlite

    if web.processes > 1 and on_sqlite():
        raise Stop(USAGE, "one_process")
    if not serving.is_free(web):
        raise Stop(NOTHING, "port_taken", web.address)
