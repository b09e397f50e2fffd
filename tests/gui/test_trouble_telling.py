"""What of a run was not seen, in both languages; the templates are held against core's sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.recording import Recording
from gui.texts import Texts
from gui.trouble_telling import MOST_TOLD, trouble_sentence, trouble_sentences
from tests.core.recordings import header

CORE = Path(__file__).resolve().parents[2] / "core"


def sentences_of_core() -> Iterator[str]:
    """Yield each sentence that is told as a trouble, with ``1`` for what is filled in."""
    for path in CORE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = dict(_constants(tree))
        for node in ast.walk(tree):
            told = _told(node)
            if isinstance(told, ast.Name):
                told = constants.get(told.id)
            text = _text(told)
            if text is not None:
                yield text


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign):
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value


def _told(node: ast.AST) -> ast.expr | None:
    """Return what a call of ``trouble`` tells, or an event of that tag."""
    if isinstance(node, ast.Call) and node.args:
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return node.args[0] if name == "trouble" else None
    if isinstance(node, ast.List) and len(node.elts) == 2 and _text(node.elts[0]) == "trouble":
        return node.elts[1]
    return None


def _text(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        text = _text(node.left)
        return None if text is None else text.replace("%s", "1").replace("%d", "1")
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values
        )
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_trouble_of_core_has_words_in_each_language() -> None:
    sentences = set(sentences_of_core())
    assert len(sentences) >= 8
    unknown = [text for text in sentences if trouble_sentence(text, Texts("ja")) == text]
    assert not unknown, "add them to the section [trouble] of each file in resources/translations"


@pytest.mark.parametrize("sentence", sorted(set(sentences_of_core())))
def test_in_english_a_trouble_is_told_as_it_is(sentence: str) -> None:
    assert trouble_sentence(sentence, Texts("en")) == sentence


RUN_FOLDER = "The temporary folder of the run"


@pytest.mark.parametrize(
    "sentence",
    [
        f"{RUN_FOLDER} was replaced by a link; "
        "the link /t/x and what it points to were left alone.",
        f"{RUN_FOLDER} was replaced by another folder; /t/x was left alone.",
        f"{RUN_FOLDER} was replaced by a file; /t/x was left alone.",
        f"{RUN_FOLDER} can no longer be reached as /t/x and was left alone.",
        f"{RUN_FOLDER} was moved to /t/x and was left there.",
        f"{RUN_FOLDER} could not be removed (Permission denied); what is left is in /t/x.",
        "Something is mounted in the temporary folder of the run and was left alone; "
        "unmount it, then remove /t/x.",
    ],
)
def test_what_was_left_of_a_run_has_words_in_each_language(sentence: str) -> None:
    assert trouble_sentence(sentence, Texts("en")) == sentence
    assert "/t/x" in trouble_sentence(sentence, Texts("ja"))
    assert "the" not in trouble_sentence(sentence, Texts("ja"))


def test_what_is_filled_in_is_kept() -> None:
    told = trouble_sentence("Watch count was switched off: ValueError: {odd}.", Texts("ja"))
    assert told == "ウォッチ count の観察を止めました（ValueError: {odd}）。"


def test_a_trouble_without_a_template_is_told_as_it_is() -> None:
    assert trouble_sentence("Something new.", Texts("ja")) == "Something new."


def test_many_troubles_are_told_shortly() -> None:
    recording = Recording(header(), 0)
    for number in range(MOST_TOLD + 2):
        recording.trouble(f"Trouble {number}.")
    told = trouble_sentences(recording, Texts("en"))
    assert told[:MOST_TOLD] == [f"Trouble {number}." for number in range(MOST_TOLD)]
    assert told[MOST_TOLD:] == [Texts("en")("explanation.more_troubles", count=2)]


@pytest.mark.parametrize(
    ("language", "same", "alike"),
    [
        ("en", "Odd (1,500 times).", "Process 400 went (3 times with other numbers)."),
        ("ja", "Odd（1,500 回）。", "Process 400 went（数字の異なるものを含めて 3 回）。"),
    ],
)
def test_the_same_trouble_is_told_once_with_its_count(language: str, same: str, alike: str) -> None:
    recording = Recording(header(), 0)
    for _ in range(1_500):
        recording.trouble("Odd.")
    for number in range(400, 403):
        recording.trouble(f"Process {number} went.")
    assert trouble_sentences(recording, Texts(language)) == [same, alike]
