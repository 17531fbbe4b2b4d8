"""One connection of the list as a value, and the model that holds them: words, acts, search, order. No window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant import language
from assistant.connections.health import State
from assistant.connections.removal import Removed, Revocation
from assistant.language import languages
from assistant.problems import CATALOGUE, occurrence
from assistant.vault.rows import KeepAliveRun
from assistant.window.connections.entry import Act, Doing, Entry, entry_of, label, main_labels, matches
from assistant.window.connections.model import ConnectionModel
from tests.vault.samples import SECRETS, service, user
from tests.window.connections_shown import NOW, WANTED, entries, many


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("en")


def of_state(state: State) -> Entry:
    """The first of the samples that is in `state` and in no trouble."""
    return next(each for each in entries() if each.health.state is state and not each.trouble and not each.doing)


@pytest.mark.parametrize(
    ("state", "words", "act"),
    [
        (State.WORKS, "Works", Act.CHECK),
        (State.UNCHECKED, "Not checked for a while", Act.CHECK),
        (State.ENDS_SOON, "Renew before 30 December 2026", Act.RENEW),
        (State.CONNECT_AGAIN, "Needs connecting again", Act.CONNECT_AGAIN),
        (State.APPROVE_AGAIN, "Approve the new permission", Act.APPROVE),
        (State.DAMAGED, "Damaged, connect again", Act.CONNECT_AGAIN),
    ],
)
def test_every_state_has_words_and_one_most_useful_act(state: State, words: str, act: Act) -> None:
    entry = of_state(state)
    assert (entry.state, entry.main) == (words, act)
    assert act in entry.acts
    assert label(act) in main_labels()


def test_signs_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = [entry.sign[0] for entry in {each.state: each for each in entries()}.values()]
    assert len(set(shapes)) == len(shapes)


def test_the_act_against_a_problem_is_what_solves_it() -> None:
    solving = {
        code: entry_of(service(problem=code, relay=None), now=NOW).main for code in ("CONN-03", "CONN-07", "CONN-06")
    }
    assert solving == {"CONN-03": Act.ENTER_KEY, "CONN-07": Act.EXPLAIN, "CONN-06": Act.EXPLAIN}
    assert entry_of(service(problem="CONN-03"), now=NOW).main is Act.EXPLAIN, "the vendor's relay has the key"
    assert entry_of(service(problem="CONN-05", relay=None), now=NOW).main is Act.CONNECT_AGAIN


@pytest.mark.parametrize("code", [code for code in CATALOGUE if code.split("-")[0] in ("TOKEN", "CONN", "CHECK")])
@pytest.mark.parametrize("code_of_language", languages())
def test_any_problem_that_may_be_noted_can_be_shown(code: str, code_of_language: str) -> None:
    language.use(code_of_language)
    entry = entry_of(service(problem=code, relay=None), now=NOW)
    assert entry.needs_action
    assert entry.main in entry.acts
    for said in (entry.state, entry.detail, entry.spoken, entry.details):
        assert said
        assert "{" not in said


def test_trouble_of_the_moment_says_nothing_lasting() -> None:
    fine = of_state(State.WORKS)
    locked = replace(fine, trouble=occurrence("STORE-02", system="Linux"))
    assert (locked.state, locked.main, locked.needs_action) == ("Can't be read right now", Act.UNLOCK, False)
    unreached = replace(fine, trouble=occurrence("NET-02", host="api.fortnox.se"))
    assert (unreached.state, unreached.main) == ("Could not be checked right now", Act.CHECK)
    assert Act.EXPLAIN in unreached.acts


def test_nothing_can_be_pressed_while_something_is_done_or_nothing_is_left() -> None:
    fine = of_state(State.WORKS)
    for entry in (replace(fine, doing=Doing.CHECKING), replace(fine, removed=removed(fine))):
        assert entry.main is None
        assert entry.acts == ()


def removed(entry: Entry) -> Removed:
    return Removed(connection=entry.connection, revocation=Revocation.REVOKED)


def test_a_service_account_has_nothing_to_renew() -> None:
    assert Act.RENEW not in entry_of(service(), now=NOW).acts
    assert Act.RENEW in entry_of(user(), now=NOW).acts


def test_validity_is_said_as_far_as_it_is_known() -> None:
    mine = user(scopes_granted=WANTED, last_checked=NOW, valid_until=NOW + timedelta(days=40))
    assert entry_of(mine, now=NOW).detail == "Valid until 2027-01-30"
    run = KeepAliveRun(begun_at=NOW - timedelta(days=1), ended_at=NOW - timedelta(days=1))
    assert entry_of(mine, now=NOW, keep_alive=run).detail == "Renewed by itself before 2027-01-30"
    assert entry_of(service(last_checked=NOW), now=NOW).detail == "Valid until the company withdraws it"


def test_the_row_is_spoken_company_and_state_first() -> None:
    entry = of_state(State.CONNECT_AGAIN)
    company = entry.company
    assert entry.spoken.startswith(f"{company}. Needs connecting again. The approval in Fortnox is gone.")
    assert entry.connection.organisation_number in entry.spoken


def test_what_is_copied_holds_nothing_secret() -> None:
    assert SECRETS.refresh_token is not None
    for entry in entries():
        assert "canary" not in entry.details
        assert entry.connection.id not in entry.details
        assert entry.connection.tenant_id in entry.details


def test_search_finds_by_name_number_and_place_whatever_the_case() -> None:
    entry = entry_of(service(company_name="Ångsjö Bageri HB", organisation_number="556677-8899", town="Växjö"), now=NOW)
    for searched in ("ångsjö", "BAGERI ång", "556677-8899", "5566778899", "växjö", "lagerkoll", ""):
        assert matches(entry, searched), searched
    for searched in ("måleri", "ångsjö måleri", "556677-8898"):
        assert not matches(entry, searched), searched


# The model.


def names(model: ConnectionModel) -> list[str]:
    return [model.entry(row).company for row in range(model.rowCount())]


def test_companies_stand_in_the_order_of_the_language() -> None:
    made = [entry_of(service(company_name=name), now=NOW) for name in ("Östra", "Zeta", "Ärla", "alfa", "Åby", "Beta")]
    model = ConnectionModel()
    language.use("sv")
    model.set_entries(made)
    assert names(model) == ["alfa", "Beta", "Zeta", "Åby", "Ärla", "Östra"]


def test_what_is_put_right_stays_in_its_row_until_the_filter_changes() -> None:
    model = ConnectionModel()
    model.set_entries(entries())
    model.show_only("", only_action=True)
    needing = model.needing_action
    assert model.rowCount() == needing > 2
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    mended = replace(model.entry(1), health=of_state(State.WORKS).health)
    model.update_entry(mended)
    assert changed == [1]
    assert (model.rowCount(), model.needing_action) == (needing, needing - 1)
    model.show_only("", only_action=False)
    model.show_only("", only_action=True)
    assert model.rowCount() == needing - 1


def test_what_is_filtered_away_is_updated_all_the_same() -> None:
    model = ConnectionModel()
    model.set_entries(entries())
    model.show_only("no such company", only_action=False)
    assert model.rowCount() == 0
    entry = of_state(State.CONNECT_AGAIN)
    there = next(each for each in entries() if each.company == entry.company)
    found = next(model.find(each) for each in list(model._entries) if model.find(each).company == there.company)  # type: ignore[union-attr]
    assert found is not None
    model.update_entry(replace(found, doing=Doing.CHECKING))
    again = model.find(found.id)
    assert again is not None
    assert again.doing is Doing.CHECKING


def test_an_update_of_what_is_gone_brings_nothing_back() -> None:
    model = ConnectionModel()
    model.set_entries(entries())
    first = model.entry(0)
    model.drop(first.id)
    model.update_entry(first)
    assert model.find(first.id) is None
    assert model.row_of(first.id) is None
    assert names(model) == [model.entry(row).company for row in range(model.rowCount())]


def test_counts_leave_out_what_was_removed_and_checks_do_too() -> None:
    model = ConnectionModel()
    model.set_entries(entry_of(each, now=NOW) for each in many(10))
    third = model.entry(2)
    model.update_entry(replace(third, removed=removed(third)))
    assert model.count == 9
    assert model.rowCount() == 10
    assert third.id not in model.shown_ids
    assert not model.empty
