"""What holds in every test: the same examples each time, no network, and no silent skip where a tool is to be had."""

import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import country_once
import drawn

ROOT = Path(__file__).resolve().parent.parent

# Wall time says little on a shared machine, so it fails no test.
settings.register_profile(drawn.LONG, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dijk", settings.get_profile(drawn.LONG), max_examples=drawn.USUAL)
settings.load_profile("dijk")


def pytest_configure(config: pytest.Config) -> None:
    """Draw more examples where the long tests run too; before the tests are read, for they ask how many."""
    if "not long" not in config.getoption("markexpr"):
        settings.load_profile(drawn.LONG)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real series (README.md there says what they are)."""
    folder = Path(os.environ.get("DIJK_SERIES", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        pytest.skip(f"no real series: nothing at {folder}; DIJK_SERIES names their folder")
    return folder


@pytest.fixture(scope="session")
def given_cases() -> Path:
    """The folder of small inputs with their right results; they lie beside the repository and are no part of it."""
    folder = Path(os.environ.get("DIJK_CASES", ROOT.parent / "shared" / "cases"))
    if not folder.is_dir():
        pytest.skip(f"no given cases: nothing at {folder}; DIJK_CASES names their folder")
    return folder


@pytest.fixture(scope="session", autouse=True)
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where the example country is made once for all workers; at the end it is as it was made."""
    mine = tmp_path_factory.getbasetemp()
    outer, country_once.place = country_once.place, mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    yield
    assert country_once.touched() == [], "a test wrote in the example country that all tests share"
    country_once.place = outer


# No network. An audit hook sees each Python socket, whoever opens it, and no test can take it off again. It does not
# see sockets of compiled libraries that bypass Python, nor those of other processes a test starts.

NETWORK_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: nothing but this machine itself may be called or looked up."""
    if event not in NETWORK_EVENTS:
        return
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif isinstance(arguments[1], tuple):  # an address of a network; a path or None stays on this machine
        host = arguments[1][0]
    else:
        return
    if not is_this_machine(host):
        raise PermissionError(f"tests use no network, and this one asked for {host!r}")


def is_this_machine(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name in ("localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


sys.addaudithook(refuse_network)


# A skip for want of a tool that can be installed is a failure where everything should be installed. Its reason starts
# with "missing tool"; what cannot be had everywhere gives another reason.


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = (yield).get_result()
    if os.environ.get("CI") == "true" and report.skipped and "missing tool" in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped, though it must run here: {report.longrepr}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once more, beside the closing line, what failed before pytest began."""
    if failed := os.environ.get("DIJK_FAILED_CHECKS"):
        terminalreporter.write_line(f"FAILED before the tests: {failed}", red=True)
