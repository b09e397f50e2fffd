"""What sentences quote is short, in one line and printable, wherever it comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.card import CardError
from core.card_reader import read_card
from core.cli import main
from core.quoting import MOST, shortened, squeezed
from core.recording_file import RecordingFileProblem, open_recording, save
from core.script import ScriptError, set_knob
from tests.core.recordings import finished_run
from tests.core.test_recording_hostile import lines_of, written

LONG = "\x1b[31m" + "x" * 200_000


@given(st.text(), st.integers(3, 100))
def test_whatever_is_quoted_is_short_and_printable(text: str, most: int) -> None:
    for quoted in (shortened(text, most), squeezed(text, most)):
        assert len(quoted) <= most
        assert quoted.isprintable()


def test_the_ends_of_what_is_squeezed_stay() -> None:
    assert squeezed("begin" + "x" * 10**6 + "end").startswith("begin")
    assert squeezed("begin" + "x" * 10**6 + "end").endswith("end")


@pytest.mark.parametrize(
    "change",
    [
        {"type": LONG},
        {LONG: 1},
        {"submitted_s": LONG},
        {"outcome": LONG},
        {"arguments": [LONG]},
        {"arguments": LONG},
    ],
    ids=str,
)
def test_a_recording_is_refused_in_a_short_sentence(
    tmp_path: Path, change: dict[str, object]
) -> None:
    lines = lines_of(finished_run(), tmp_path / "run")
    place = next(i for i, line in enumerate(lines) if line.get("type") == "tasks")
    lines[place] = {**lines[place], **change}
    check_short(tmp_path, lines)


@pytest.mark.parametrize("name", ["demo", "mode", "python", "made_at", LONG])
def test_so_is_a_header(tmp_path: Path, name: str) -> None:
    lines = lines_of(finished_run(), tmp_path / "run")
    lines[0]["header"][name] = LONG
    check_short(tmp_path, lines)


def test_so_are_events(tmp_path: Path) -> None:
    first, *others = lines_of(finished_run(), tmp_path / "run")
    for event in ([LONG, 1], ["watch", LONG, [1], [1]], ["trouble", LONG], ["cancel", LONG, 1, 1]):
        check_short(tmp_path, [first, {"type": "events", "pid": 1, "events": [event]}, *others])


def check_short(folder: Path, lines: list[object]) -> None:
    path = written(folder / "x", lines)
    with pytest.raises(RecordingFileProblem) as caught:
        open_recording(path)
    told = str(caught.value)
    assert told.isprintable()
    assert len(told) < len(str(path)) + 200, told


@pytest.mark.parametrize(
    "card",
    [
        f"{'x' * 100_000} = 1",
        f'title = "{"y" * 100_000}',
        f'[[knob]]\nname = "{"z" * 100_000}"\nkind = "{"k" * 100_000}"',
        f'[[rule]]\nwhen = "{"a + " * 90}1"\ntext = "{{{"b" * 100_000}}}"',
    ],
    ids=["key", "toml", "knob", "rule"],
)
def test_a_card_is_refused_in_short_sentences(tmp_path: Path, card: str) -> None:
    path = tmp_path / "card.toml"
    path.write_text(card)
    with pytest.raises(CardError) as caught:
        read_card(path)
    assert all(len(fault) < 400 for fault in caught.value.faults)


@pytest.mark.parametrize("text", [f"x = '{LONG}", f"{'y' * 100_000} z", f"{'N' * 9_999} = 1"])
def test_a_script_is_refused_in_a_short_sentence(text: str) -> None:
    with pytest.raises(ScriptError) as caught:
        set_knob(text, LONG, LONG)
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "words",
    [
        ["{}"],
        ["list", "{}"],
        ["run", "{}"],
        ["run", "{}.py"],
        ["run", "fibonacci", "--mode", "{}"],
        ["run", "fibonacci", "--set", "{}=1"],
        ["run", "fibonacci", "--set", "N={}"],
        ["run", "fibonacci", "--set", "{}"],
        ["run", "fibonacci", "--timeout", "{}"],
        ["run", "fibonacci", "--record", "{}"],
        ["run", "fibonacci", "--python", "{}"],
        ["compare", "fibonacci", "--modes", "{}"],
        ["compare", "fibonacci", "--repeat", "{}"],
        ["sweep", "fibonacci", "--workers", "{}"],
        ["sweep", "fibonacci", "--knob", "{}"],
        ["export", "{}", "--to", "csv", "out"],
        ["export", "x", "--to", "{}", "out"],
        ["export", "x", "--to", "csv", "--most-mb", "{}", "out"],
    ],
    ids=" ".join,
)
def test_an_argument_is_refused_in_a_short_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    argv = [word.replace("{}", "\x1b[2J" + "a" * 50_000) for word in words]
    status = main(argv, lambda _: 0, lambda *_: 0)
    out, err = capsys.readouterr()
    assert (status, out) in [(1, ""), (2, "")]
    assert len(err) < 600
    assert err.removesuffix("\n").isprintable()


def test_what_is_saved_and_refused_is_told_with_the_end_of_its_name(tmp_path: Path) -> None:
    save(finished_run(), tmp_path / "run")
    lines = [json.loads(line) for line in (tmp_path / "run").read_bytes().splitlines()]
    path = written(tmp_path / f"{'n' * 200}.jsonl", lines[:-1])
    with pytest.raises(RecordingFileProblem, match=r"n\.jsonl is cut off"):
        open_recording(path)
    assert MOST == 80
