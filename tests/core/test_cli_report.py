"""A run in one line: what it says of a Python that was not seen."""

from __future__ import annotations

import pytest

from core.cli.report import headline
from core.comparison import summary_of
from core.recording import Recording
from core.run_facts import Ending
from tests.core.recordings import header


@pytest.mark.parametrize(
    ("outcome", "python", "said"),
    [
        ("done", "3.11.7", "Python 3.11.7"),
        ("done", "", "Python not seen"),  # it had no room for a connection, and ran all the same
        ("failed", "", "Python did not start"),
    ],
)
def test_a_python_is_named_if_it_was_seen(outcome: str, python: str, said: str) -> None:
    recording = Recording(header(python=python), 0)
    recording.ending = Ending(outcome, 0, "", 1.0)
    assert headline(summary_of(recording, {})).rpartition(" · ")[2] == said
