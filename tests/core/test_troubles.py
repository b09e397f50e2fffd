"""The same trouble is told once, with its count: in a run, in files, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

from core.exports import json as json_export
from core.recording_file import open_recording, save
from core.troubles import MOST_KINDS, Troubles
from tests.core.command import command, script
from tests.core.recordings import finished_run

REFUSED = "A connection without the run's key was refused."
STRANGERS = """\
import os, socket
path = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.dirname(
    os.environ["TMPDIR"])) for name in names if name == "events"][0]
for _ in range(150):
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(path)
        stranger.sendall(b"\\0\\0\\0\\7nothing")
        try:  # refused is who has read to the end: before, the run may be over first
            while stranger.recv(4096): pass
        except OSError: pass
"""


def told(*sentences: str) -> list[str]:
    troubles = Troubles()
    for sentence in sentences:
        troubles.add(sentence)
    return troubles.told()


def test_each_sentence_is_told_once_in_the_order_of_its_first_time() -> None:
    assert told("One.", "Two.", "One.") == ["One (2 times).", "Two."]
    assert told(*["One."] * 1_500) == ["One (1,500 times)."]


def test_sentences_that_differ_in_numbers_only_are_one_kind() -> None:
    found = told(*(f"Process {pid} said nothing." for pid in range(400, 420)))
    assert found == ["Process 400 said nothing (20 times with other numbers)."]
    assert told("a1.", "b1.") == ["a1.", "b1."]


def test_the_number_of_kinds_and_their_length_are_bounded() -> None:
    sentences = told(*("x" * length for length in range(1, 3_000)))
    assert len(sentences) == MOST_KINDS + 1
    assert sentences[-1] == "There was more trouble of other kinds (2,899 times)."
    assert max(map(len, told("y" * 10**6))) <= 1_000


def test_counts_are_kept_in_files(tmp_path: Path) -> None:
    record = finished_run()
    for number in range(3):
        record.trouble("The same.")
        record.trouble(f"Number {number + 10}.")
    save(record, tmp_path / "run")
    found = open_recording(tmp_path / "run")
    expected = ["The same (3 times).", "Number 10 (3 times with other numbers)."]
    assert found.troubles == record.troubles == expected
    json_export.EXPORT.write(found, tmp_path / "json")
    assert json.loads((tmp_path / "json").read_bytes())["troubles"] == expected


def test_the_command_line_tells_it_once(tmp_path: Path) -> None:
    path = str(script(tmp_path, STRANGERS))
    result = command("run", path, "--json")
    assert result.object["outcome"] == "done"
    (trouble,) = result.object["troubles"]
    assert trouble.startswith(REFUSED.removesuffix("."))
    assert result.err == f"{trouble}\n"


def test_nothing_in_a_sentence_is_obeyed_by_a_terminal(tmp_path: Path) -> None:
    assert told("Watch w was\nswitched off: \x1b[2J\x07.") == [
        r"Watch w was switched off: \x1b[2J\x07."
    ]
    path = str(script(tmp_path, r"raise ValueError('a\x1b[2J\x07b\nc')"))
    last = command("run", path).err.splitlines()[-1]
    assert last.endswith(r"ValueError: a\x1b[2J\x07b c.")
    assert last.isprintable()
