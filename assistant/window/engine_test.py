"""Tries the browser engine in this process, and says how it went in one line.

Run in a process of its own, see `assistant.support.self_test.engine_process`. No window comes up.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import qVersion

from assistant.problems import ProblemError
from assistant.support.self_test.engine_process import written_answer
from assistant.support.self_test.world import EngineAnswer
from assistant.window.application import has_display, make_application


def print_engine_test() -> int:
    """Prints how it went and ends the process at once: an engine in trouble may hang at its own end."""
    answer = _tried() if has_display() else EngineAnswer(no_display=True, qt=qVersion())
    sys.stdout.write(written_answer(answer) + "\n")
    sys.stdout.flush()
    os._exit(0 if answer.painted else 1)


def _tried() -> EngineAnswer:
    try:
        application = make_application()
        from assistant.window.browser.painted_page import engine_versions, problem_of_painting
    except ProblemError as stopped:
        return EngineAnswer(problem=stopped.code, qt=qVersion())
    except ImportError:
        return EngineAnswer(problem="WEB-04", qt=qVersion())
    problem = problem_of_painting(application)
    chromium, patches = engine_versions()
    return EngineAnswer(painted=problem is None, problem=problem, qt=qVersion(), chromium=chromium, patches=patches)
