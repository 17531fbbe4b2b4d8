"""Certificates that say too little, and servers that want one: each in the real engine, in a process of its own."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.window.test_browser import Scenario, run_scenario


@pytest.fixture
def certificates(tmp_path: Path) -> Scenario:
    return partial(run_scenario, tmp_path, "tests.window.certificate_process")


@pytest.mark.skipif(shutil.which("certutil") is None, reason="certutil is not installed")
@pytest.mark.provokes("WEB-16")
def test_a_server_that_wants_a_certificate_of_the_person(certificates: Scenario) -> None:
    told = certificates("client_certificate")
    assert told.codes("stopped") == ["WEB-16"]
    assert not told.of("page_shown")


@pytest.mark.provokes("WEB-17")
def test_a_certificate_without_an_issuer(certificates: Scenario) -> None:
    told = certificates("nameless")
    code, facts, details = told.of("stopped")[0]
    assert (code, facts["host"].partition(":")[0]) == ("WEB-17", "127.0.0.1")
    assert details["net_error"] == "-202"
    assert not told.of("page_shown")
