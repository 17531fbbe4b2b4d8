"""The list of connections in the whole window: practice's own log and the vault say what really happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.window.walked import walked


@pytest.mark.provokes("CONN-02")
def test_connections_are_tended_by_keyboard_alone(tmp_path: Path) -> None:
    notes = walked(tmp_path, "tended_by_keyboard").notes
    assert notes["empty"] == "No company is connected yet"
    assert notes["heading"] == ["3 companies are connected", "1 of them needs action."]
    assert notes["focus on"] == "Kafé Måsen i Strandviken AB", "the one that ends soon"
    assert notes["renewed"]["words"] == "Works"
    checked = {name: found["state"] for name, found in notes["checked"].items()}
    assert checked == {"good": "works", "ends": "works", "gone": "connect-again"}
    assert notes["checked"]["gone"]["detail"] == "The approval in Fortnox is gone"
    assert notes["said"] == "3 companies were checked. 1 needs action."
    assert notes["lead after"] == "1 of them needs action."
    assert notes["at"] == "Avlägset AB"
    lines = ["Show what to do", "Check", "Connect again", "Open Lagerkoll", "Copy the details", "Remove"]
    assert notes["menu"] == lines
    assert "Kafé Måsen i Strandviken AB" in notes["asked"]
    assert notes["safe by habit"]
    assert notes["kept"], "Esc removes nothing"
    assert notes["left"], "exactly the one that was named is gone"
    assert notes["revoked"] == ["revoked"]
    assert "The access was withdrawn." in notes["removed"]
    assert "Hantera integrationer" in notes["removed"]
    assert notes["focus in list"]


def test_a_check_of_all_shows_how_far_it_is_and_stops(tmp_path: Path) -> None:
    notes = walked(tmp_path, "checked_all_and_stopped").notes
    assert notes["tools"]
    assert notes["progress"] == notes["spoken bar"]
    assert notes["progress"].endswith(" of 20")
    before, after = notes["checked"]
    assert 3 <= before <= after < 20
    assert after - before <= 1, "nothing goes on once it is stopped"
    assert notes["said"] == f"Stopped. {before} of 20 were checked."
    assert notes["found"] == 10
    assert notes["found one"] == ["Bolag nr17 AB"]
    assert notes["down goes to the list"]
    assert notes["checked what is shown"].startswith("1 company was checked.")
    assert notes["esc empties"] == ["", 20]


def test_a_locked_password_store_is_offered_to_be_opened_and_never_forced(tmp_path: Path) -> None:
    notes = walked(tmp_path, "locked_at_the_list").notes
    assert notes["rows"] == ["Kafé Måsen i Strandviken AB"]
    assert notes["renewal"].startswith("Not every connection could be renewed by itself.")
    assert notes["not read"]["words"] == "Can't be read right now"
    assert notes["not read"]["state"] == "ends-soon", "it is not said to be disconnected"
    assert notes["boxes before"] == 0
    assert "STORE-03" in notes["dismissed"]
    assert notes["boxes"] == 2
    assert notes["after"]["words"] == "Works"
    assert notes["banners"] == [False, False]
    assert notes["renewals"] == 1


@pytest.mark.provokes("CONN-03")
def test_a_new_activation_key_is_entered_once_and_no_company_connected_again(tmp_path: Path) -> None:
    notes = walked(tmp_path, "new_key").notes
    assert notes["refused"]["detail"] == "Fortnox no longer accepts the activation key"
    assert notes["in the field"]
    assert notes["missing"].startswith("Paste the activation key")
    assert notes["works"]["state"] == "works"


@pytest.mark.provokes("CHECK-12")
def test_connecting_again_replaces_exactly_that_connection(tmp_path: Path) -> None:
    told = walked(tmp_path, "connected_again")
    notes, wrong, done = told.notes, told.marks["wrong"], told.marks["done"]
    assert notes["before"]["words"] == "Approve the new permission"
    assert notes["said before"].startswith("You are connecting Björkdalens Trävaror AB again.")
    assert notes["new"] == ["profile", "order", "invoice"]
    assert notes["back on"]
    assert (wrong.step, wrong.problem) == ("problem", "CHECK-12")
    assert [each["refresh_token"] for each in wrong.vault] == [0, None], "the old connection is untouched"
    assert [token["tenant_id"] for token in wrong.tokens if token["revoked"]] == [1_100_025]
    assert "replaces exactly that connection" in notes["confirm"]
    assert done.step == "done"
    assert {each["id"] for each in done.vault} == {done.more["old"], done.more["other"]}
    (again,) = [each for each in done.vault if each["id"] == done.more["old"]]
    assert set(again["scopes"]) == {"companyinformation", "profile", "article", "order", "invoice"}
    assert again["refresh_token"] == 2
    assert notes["on"], "back in the list it is the row one is on"
    assert notes["after"]["state"] == "works"
    assert notes["window open"]


def test_the_list_is_where_walks_begun_there_end(tmp_path: Path) -> None:
    told = walked(tmp_path, "another_company")
    left = told.marks["left"]
    assert told.notes["one"] == ["1 company is connected", "Björkdalens Trävaror AB"]
    assert left.stored == [("service", "1100017")]
    assert [token["tenant_id"] for token in left.tokens if token["revoked"]] == [1_100_025]
    assert left.more["window"]


@pytest.mark.provokes("STORE-16")
def test_the_menu_opens_the_start_page_and_copies_nothing_secret(tmp_path: Path) -> None:
    notes = walked(tmp_path, "start_page_and_details").notes
    assert notes["opened"] == ["https://lagerkoll.example/login"]
    assert "https://lagerkoll.example/login" in notes["not opened"]
    assert "1100017" in notes["copied"]
    assert "secret" not in notes["copied"]
    assert notes["gone"] == "No company is connected yet"


@pytest.mark.provokes("CHECK-12")
def test_a_restart_does_not_forget_which_connection_is_made_again(tmp_path: Path) -> None:
    told = walked(tmp_path, "resumed_again")
    wrong = told.marks["wrong"]
    assert (wrong.problem, wrong.more["again"]) == ("CHECK-12", True)
    assert told.notes["listed"]
