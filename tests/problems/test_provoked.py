"""Every entry of the catalogue has been seen to happen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.refusal import authorization_refusal
from assistant.problems import CATALOGUE, occurrence
from tests import provoking
from tests.problems import catalogue_page

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def provoked() -> Mapping[str, list[str]]:
    return provoking.provocations()


def test_every_entry_is_provoked_by_a_test(provoked: Mapping[str, list[str]]) -> None:
    assert sorted(set(CATALOGUE) - set(provoked)) == []


def test_no_test_provokes_what_is_not_there(provoked: Mapping[str, list[str]]) -> None:
    assert sorted(set(provoked) - set(CATALOGUE)) == []


def test_the_page_in_the_docs_is_up_to_date(provoked: Mapping[str, list[str]]) -> None:
    written = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert written == catalogue_page.text(provoked), "run: python -m tests.problems.catalogue_page > docs/problems.md"


def test_what_a_test_takes_from_the_catalogue_does_not_count(tmp_path: Path) -> None:
    with provoking.watching(tmp_path / "reports"):
        occurrence("NET-01")
        assert provoking._seen == set()
        authorization_refusal("access_denied", "", account=AccountKind.USER, scopes=())
        assert provoking._seen == {"AUTH-01"}
    authorization_refusal("invalid_scope", "", account=AccountKind.USER, scopes=())
    assert provoking._seen == {"AUTH-01"}


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("occurrence('WEB-12')", False),
        ("failed_load(-105, host='a.example')", False),
        ("assert failed_load(-118, host='a.example').code == 'WEB-12'", True),
    ],
)
def test_a_test_that_does_not_provoke_what_it_says_fails(tmp_path: Path, body: str, passes: bool) -> None:
    module = tmp_path / "test_claims.py"
    module.write_text(
        "import pytest\n"
        "from assistant.problems import occurrence\n"
        "from assistant.window.load_failure import failed_load\n"
        "@pytest.mark.provokes('WEB-12')\n"
        f"def test_claims(): {body}\n",
        encoding="utf-8",
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", "--rootdir", ".", "-p", "tests.conftest",
         "-p", "no:cacheprovider", str(module)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == (0 if passes else 1), ended.stdout + ended.stderr
    assert ("WEB-12, which the program did not end in" in ended.stdout) is not passes
