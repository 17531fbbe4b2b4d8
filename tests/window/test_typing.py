"""What is typed stays where it is typed: a page that is shown anew with every letter keeps the keyboard."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.integration import ClientSecret, SecretSource, read_integration
from assistant.journey import Event, Step, begin, events, step
from assistant.resources import PRACTICE_FILE, resource
from assistant.window.main_window import MainWindow


def test_an_activation_key_can_be_typed(qtbot: QtBot) -> None:
    asking = ClientSecret(source=SecretSource.ASK)
    integration = replace(read_integration(resource(*PRACTICE_FILE)), client_secret=asking)
    window = MainWindow(integration, support_code="ABC-DEF")
    qtbot.addWidget(window)
    state = begin(integration)[0]

    def happen(event: Event) -> None:
        nonlocal state
        state = step(state, event)[0]
        window.show_state(state)

    window.happened.connect(happen)
    window.show_state(state)
    window.show()
    while state.step is not Step.PERMISSIONS:
        happen(events.Continue())
    qtbot.wait(50)
    for letter in "activation-key":
        QTest.keyClicks(QApplication.focusWidget(), letter)
        qtbot.wait(1)
    assert state.client_secret is not None
    assert state.client_secret.reveal() == "activation-key"
