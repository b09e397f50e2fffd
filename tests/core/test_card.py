"""A card that is right, read in full; and the one sentence about each fault of one that is not."""

from pathlib import Path

import pytest

from core.card import CardError, Localized
from core.card_reader import read_card, read_explanations
from core.templates import TemplateError, fill

CARD = """
order = 10
modes = ["sequential", "threads"]
default_mode = "threads"
tasks = ["work"]
views = ["comparison"]
sites = "http://127.0.0.1:8930"
environment = { OPENBLAS_NUM_THREADS = "1" }
title = { en = "Title", ja = "題" }
summary = { en = "Summary.", ja = "要約。" }

[[knob]]
name = "TASKS"
kind = "int"
minimum = 1
maximum = 64
default = "cores"
unit = { en = "tasks", ja = "個" }
label = { en = "Tasks", ja = "タスク" }
help = { en = "How many.", ja = "個数。" }
presets = [{ value = 2, label = { en = "two", ja = "2つ" } }]

[[knob]]
name = "step"
kind = "line"
label = { en = "Step", ja = "歩" }
help = { en = "One line.", ja = "1行。" }
alternatives = [{ name = "plain", code = "x = 1", label = { en = "plain", ja = "素" } }]

[[watch]]
name = "counter"
read = "counter.count"
expected = "TASKS * 2"

[[figure]]
name = "tutorial_s"
mode = "threads"
value = 0.93
unit = "s"
when = "TASKS > 1"
text = { en = "The tutorial: {value:seconds}.", ja = "チュートリアル: {value:seconds}。" }

[[explanation]]
part = "result"
when = "mode == 'threads' and counter_lost > 0 and step_is == 'plain'"
en = "{counter_lost:count} lost; the tutorial: {tutorial_s:seconds}."
ja = "{counter_lost:count}回が失われました。"
"""


def test_everything_on_a_card_is_read() -> None:
    card = read_card(CARD)
    assert (card.order, card.modes, card.default_mode) == (10, ("sequential", "threads"), "threads")
    assert (card.tasks, card.views, card.sites) == (
        ("work",),
        ("comparison",),
        "http://127.0.0.1:8930",
    )
    assert card.environment == {"OPENBLAS_NUM_THREADS": "1"}
    tasks, step = card.knobs
    assert (tasks.kind, tasks.minimum, tasks.maximum, tasks.default) == ("int", 1, 64, "cores")
    assert tasks.unit == Localized("tasks", {"ja": "個"})
    assert [(preset.value, preset.label.en) for preset in tasks.presets] == [(2, "two")]
    assert [(line.name, line.code) for line in step.alternatives] == [("plain", "x = 1")]
    assert [(watch.name, watch.read, watch.expected) for watch in card.watches] == [
        ("counter", "counter.count", "TASKS * 2")
    ]
    assert card.figures[0].sentence("ja") == "チュートリアル: 0.93秒。"
    assert card.figures[0].when == "TASKS > 1"
    assert card.explanations[0].part == "result"
    assert card.knob("step") is step
    assert card.knob("nothing") is None


def test_texts_fall_back_to_english() -> None:
    title = read_card(CARD).title
    assert [title.in_language(language) for language in ("en", "ja", "de")] == [
        "Title",
        "題",
        "Title",
    ]


def test_a_card_is_read_from_a_file_and_named_after_it(tmp_path: Path) -> None:
    file = tmp_path / "work.toml"
    file.write_text(CARD, encoding="utf-8")
    assert read_card(file) == read_card(CARD)
    file.write_text(CARD.replace("order = 10", ""), encoding="utf-8")
    with pytest.raises(CardError, match=r"^work\.toml: order is missing\.$"):
        read_card(file)


FAULTS = [
    ("order = 10", 'order = "10"', "card: order must be a whole number."),
    ("order = 10", "order = true", "card: order must be a whole number."),
    ("order = 10", "ordre = 10", "card: order is missing."),
    ("order = 10", "order = 10\nother = 1", "card: other is unknown here; known are modes, "),
    (
        '"sequential", "threads"]',
        '"threads", "fibers"]',
        "card: modes is wrong: There is no mode named 'fibers'",
    ),
    (
        'default_mode = "threads"',
        'default_mode = "processes"',
        "card: default_mode is 'processes', which is not among the modes.",
    ),
    ('tasks = ["work"]', "tasks = [1]", "card: tasks must be a list of texts."),
    ('tasks = ["work"]', 'tasks = "work"', "card: tasks must be a list."),
    (
        'title = { en = "Title", ja = "題" }',
        'title = { en = "Title" }',
        "card: title, ja is missing.",
    ),
    (
        'title = { en = "Title", ja = "題" }',
        'title = { en = "", ja = "題" }',
        "card: title, en is empty.",
    ),
    (
        'title = { en = "Title", ja = "題" }',
        'title = "Title"',
        "card: title must be a table.",
    ),
    ('NUM_THREADS = "1"', "NUM_THREADS = 1", "card: environment.OPENBLAS_NUM_THREADS must be a te"),
    ('kind = "int"', 'kind = "whole"', "card: knob 1, kind is 'whole', but can only be int or "),
    ("minimum = 1", 'minimum = "1"', "card: knob 1, minimum must be a number."),
    ("minimum = 1", "minimum = 65", "card: knob 1, minimum is larger than maximum."),
    (
        'kind = "int"',
        'kind = "bool"',
        "card: knob 1, minimum and maximum are for the kinds int and float only.",
    ),
    ('default = "cores"', 'default = "all"', "card: knob 1, default is 'all', but can only be"),
    ('kind = "int"', 'kind = "float"', "card: knob 1, default is for the kind int only."),
    (
        "value = 2,",
        "value = 65,",
        "card: knob 1, presets is wrong: TASKS must be between 1 and 64; 65 is too large.",
    ),
    ("{ value = 2, ", "{ ", "card: knob 1, presets 1, value is missing."),
    (
        'kind = "line"',
        'kind = "text"',
        "card: knob 2, alternatives belongs to knobs of the kind line, and to each of them.",
    ),
    ('kind = "line"', 'kind = "choice"', "card: knob 2, presets is missing: a choice needs some"),
    (
        'name = "plain"',
        'name = "pl ain"',
        "card: knob 2, alternatives has a name that no rule could use: 'pl ain'.",
    ),
    (
        'name = "step"',
        'name = "TASKS"',
        "card: knob, watch or figure has a name that something else has too: 'TASKS'.",
    ),
    (
        'name = "tutorial_s"',
        'name = "elapsed_s"',
        "card: knob, watch or figure has a name that something else has too: 'elapsed_s'.",
    ),
    ("counter.count", "counter.count()", "card: watch reads 'counter.count()', which is not"),
    ("TASKS * 2", "TASK * 2", "card: watch uses TASK, which nothing on this card is named."),
    ("TASKS * 2", "TASKS *", "card: watch is wrong: 'TASKS *' is not an expression."),
    ('when = "TASKS > 1"', 'when = "tasks > 1"', "card: figure uses tasks, which nothing on this"),
    (
        '\nmode = "threads"',
        '\nmode = "processes"',
        "card: figure 1, mode is 'processes', but can only",
    ),
    ("value = 0.93", "value = '0.93'", "card: figure 1, value must be a number."),
    ('unit = "s"', 'unit = "ms"', "card: figure 1, unit is 'ms', but can only be s or count."),
    (
        'en = "The tutorial: {value',
        'en = "The tutorial: {figure',
        "card: figure 1, text, en uses figure, which nothing on this card is named.",
    ),
    (
        "counter_lost > 0",
        "counter_losses > 0",
        "card: explanation 1 uses counter_losses, which nothing on this card is named.",
    ),
    (
        "{counter_lost:count}回",
        "{lost:count}回",
        "card: explanation 1, ja uses lost, which nothing on this card is named.",
    ),
    (
        "{counter_lost:count} lost",
        "{counter_lost:.3f} lost",
        "card: explanation 1, en is wrong: '.3f' is not a format; there are number, seconds,",
    ),
    (
        "{counter_lost:count} lost",
        "{counter_lost.real} lost",
        "card: explanation 1, en is wrong: '{counter_lost.real}' is more than the name of a fact.",
    ),
    ("{counter_lost:count} lost", "{ lost", "card: explanation 1, en is wrong: "),
    ('part = "result"\n', "", "card: explanation 1, part is missing."),
    ("[[explanation]]", "[[explanation]", "card: it is not TOML ("),
]


@pytest.mark.parametrize(("right", "wrong", "sentence"), FAULTS)
def test_a_fault_is_one_sentence_with_its_key(right: str, wrong: str, sentence: str) -> None:
    assert right in CARD
    with pytest.raises(CardError) as caught:
        read_card(CARD.replace(right, wrong, 1))
    assert any(fault.startswith(sentence) for fault in caught.value.faults), caught.value.faults
    assert all(fault.endswith(".") for fault in caught.value.faults)


def test_all_faults_are_told_at_once() -> None:
    wrong = CARD.replace("order = 10", "").replace("maximum = 64", "").replace('"s"', '"h"')
    with pytest.raises(CardError) as caught:
        read_card(wrong)
    assert caught.value.faults == (
        "card: order is missing.",
        "card: figure 1, unit is 'h', but can only be s or count.",
    )


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"^none\.toml: it cannot be read \(No such file"):
        read_card(tmp_path / "none.toml")
    file = tmp_path / "latin.toml"
    file.write_bytes('title = "\xe9"'.encode("latin-1"))
    with pytest.raises(CardError, match=r"^latin\.toml: it is not UTF-8 text\.$"):
        read_card(file)


def test_rules_of_a_file_of_their_own_may_use_the_facts_of_every_run_only() -> None:
    text = "[[explanation]]\npart = 'a'\nwhen = 'tasks > 1'\nen = '{elapsed_s}'\nja = '{tasks}'\n"
    (rule,) = read_explanations(text, frozenset({"tasks", "elapsed_s"}))
    assert rule.text.in_language("ja") == "{tasks}"
    with pytest.raises(CardError, match="explanation 1, en uses elapsed_s"):
        read_explanations(text, frozenset({"tasks"}))
    with pytest.raises(CardError, match="title is unknown here"):
        read_explanations("title = 'x'\n", frozenset())


def test_a_template_shows_facts_and_nothing_else() -> None:
    facts = {"elapsed_s": 0.9271, "python": "3.11", "lock": True}
    assert fill("{elapsed_s:seconds} on {python} {{}}", facts) == "0.927 s on 3.11 {}"
    assert fill("{elapsed_s}", facts) == "0.927"
    for template in ("{missing}", "{python:count}", "{lock}", "{python!r}", "{0}", "{}", "{"):
        with pytest.raises(TemplateError):
            fill(template, facts)
