"""The demos of the lab fit the projector, their cards fit them, and own scripts get a card."""

import ast
import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import demos
from core.card import SCRIPT_MODE, CardError, Localized
from core.demos import (
    FOLDER,
    Demo,
    UnknownDemo,
    UnreadableScript,
    all_demos,
    demo_from_file,
    demo_named,
    find,
)
from core.expressions import evaluate
from core.knob_values import check_value
from core.modes import MODES
from core.script import (
    MODE_KNOB,
    DottedName,
    SyntaxProblem,
    changed_lines,
    find_knobs,
    mode_of,
    set_knob,
    set_mode,
)
from core.sweep import Sweep, plan_for, worker_counts
from core.sweep_remarks import remarks

LINES, COLUMNS, OLDEST = 35, 72, (3, 9)
JAPANESE = range(0x3040, 0xA000)


@pytest.fixture(params=all_demos(), ids=lambda demo: demo.name)
def demo(request: pytest.FixtureRequest) -> Demo:
    assert isinstance(request.param, Demo)
    return request.param


def test_the_demos_come_in_the_order_of_their_cards() -> None:
    names = [demo.name for demo in all_demos()]
    assert [name for name in names if name in ("downloads", "race_counter", "fibonacci")] == [
        *("downloads", "race_counter", "fibonacci")
    ]
    orders = [demo.card.order for demo in all_demos()]
    assert orders == sorted(set(orders))


def test_a_script_fits_a_projector_and_the_oldest_python(demo: Demo) -> None:
    lines = demo.text.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    assert demo.text.isascii()
    assert demo.text.endswith("\n")
    ast.parse(demo.text, feature_version=OLDEST)


def test_every_knob_of_a_script_is_on_its_card(demo: Demo) -> None:
    on_script = [knob.name for knob in find_knobs(demo.text)]
    assert sorted(on_script) == sorted([MODE_KNOB, *(knob.name for knob in demo.card.knobs)])


def test_every_mode_is_one_line_of_the_script(demo: Demo) -> None:
    assert mode_of(demo.text) == demo.card.default_mode
    assert demo.card.modes == tuple(m.name for m in MODES if m.name in demo.card.modes)
    for mode in demo.card.modes:
        text = set_mode(demo.text, mode)
        assert mode_of(text) == mode
        assert len(changed_lines(demo.text, text)) == (mode != demo.card.default_mode)


def test_every_mode_and_every_sweep_that_a_demo_lacks_has_its_reason(demo: Demo) -> None:
    lacking = {mode.name for mode in MODES} - set(demo.card.modes)
    assert set(demo.card.why_not) == lacking
    assert (demo.card.why_no_sweep is None) == (demo.card.workers is not None)
    for reason in filter(None, (*demo.card.why_not.values(), demo.card.why_no_sweep)):
        texts = [reason.en, reason.in_language("ja")]
        assert [text.count(end) for text, end in zip(texts, (". ", "。"), strict=True)] == [0, 1]
        assert reason.en[0].isupper()
        assert [text[-1] for text in texts] == [".", "。"]


def test_every_preset_and_alternative_fits_its_script(demo: Demo) -> None:
    for knob in demo.card.knobs:
        for value in [*(preset.value for preset in knob.presets), *codes(knob.alternatives)]:
            check_value(knob, value)
            text = set_knob(demo.text, knob.name, value)
            ast.parse(text, feature_version=OLDEST)
            lines = text.splitlines()
            if knob.kind != "urls":  # an address may be long
                assert max(map(len, lines)) <= COLUMNS
                assert len(lines) == len(demo.text.splitlines())


def codes(alternatives: tuple[object, ...]) -> list[str]:
    return [str(getattr(line, "code", "")) for line in alternatives]


def test_the_script_is_at_a_preset_or_alternative_of_each_knob_that_has_some(demo: Demo) -> None:
    values = {knob.name: knob.value for knob in find_knobs(demo.text)}
    for knob in demo.card.knobs:
        known = [*(preset.value for preset in knob.presets), *codes(knob.alternatives)]
        assert not known or values[knob.name] in known


def test_every_text_is_in_both_languages(demo: Demo) -> None:
    for text in localized(demo.card):
        assert text.en.isprintable()
        assert not any(ord(sign) in JAPANESE for sign in text.en)
        japanese = text.in_language("ja")
        assert japanese == "N" or any(ord(sign) in JAPANESE for sign in japanese), text


def localized(value: object) -> Iterator[Localized]:
    if isinstance(value, Localized):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from localized(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from localized(getattr(value, field.name))


def test_a_summary_asks_for_a_prediction(demo: Demo) -> None:
    assert demo.card.summary.en.endswith("?")
    assert demo.card.summary.in_language("ja").endswith("でしょうか。")


def test_a_watch_reads_what_the_script_has_and_knows_its_aim() -> None:
    demo = demo_named("race_counter")
    (watch,) = demo.card.watches
    assert (watch.name, watch.read) == ("counter", "counter.count")
    script: dict[str, object] = {"__name__": "not_main"}
    exec(demo.text, script)
    assert getattr(script["counter"], "count", None) == 0
    values = {knob.name: knob.value for knob in find_knobs(demo.text)}
    assert watch.expected is not None
    assert evaluate(watch.expected, values) == 2_000_000


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (6, 6), (128, 32)])
def test_fibonacci_has_a_worker_for_each_usable_core(
    cores: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: range(cores), raising=False)
    values = {knob.name: knob.value for knob in find_knobs(demo_named("fibonacci").text)}
    assert values["WORKERS"] == workers


@pytest.mark.parametrize("name", ["fibonacci", "matrix", "encryption"])
@pytest.mark.parametrize("most", [2, 4, 8])
def test_the_usual_sweep_of_work_for_cores_shares_its_tasks_out_evenly(
    name: str, most: int
) -> None:
    """What a teacher gets who asks for a sweep and chooses nothing."""
    demo = demo_named(name)
    tasks = {knob.name: knob.value for knob in find_knobs(demo.text)}["TASKS"]
    assert isinstance(tasks, int)
    sweep = Sweep(plan_for(demo, demo.text, "processes", worker_counts(most)))
    for workers in sweep.plan.runs:
        sweep = sweep.with_run(workers, 1 / workers, tasks)
    assert remarks(sweep, cores=most) == ()


def test_without_affinity_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert demos.usable_cores() == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert demos.usable_cores() == 1


def test_an_unknown_demo_names_what_there_is() -> None:
    with pytest.raises(UnknownDemo) as caught:
        demo_named("fibonaci")
    names = ", ".join(demo.name for demo in all_demos())
    assert str(caught.value) == (
        f"There is no demo named 'fibonaci'; choose one of {names}, or give a script."
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one demo that is right."""
    for ending in (".py", ".toml"):
        shutil.copy(FOLDER / f"race_counter{ending}", tmp_path)
    return tmp_path


def test_a_demo_is_two_files_and_nothing_else(folder: Path) -> None:
    shutil.move(folder / "race_counter.py", folder / "mine.py")
    shutil.move(folder / "race_counter.toml", folder / "mine.toml")
    assert [demo.name for demo in all_demos(folder)] == ["mine"]
    assert demo_named("mine", folder).path == folder / "mine.py"


@pytest.mark.parametrize(
    ("file", "right", "wrong", "fault"),
    [
        ("race_counter.py", "THREADS = 2", "WORKERS = 2", "knob THREADS is not in the script."),
        (
            "race_counter.py",
            "THREADS = 2",
            "THREADS = 99",
            "the script's value does not fit: THREADS must be between 1 and 32; 99 is too large.",
        ),
        (
            "race_counter.toml",
            'default_mode = "threads"',
            'default_mode = "processes"',
            "default_mode is processes, the script's threads.",
        ),
        (
            "race_counter.toml",
            'tasks = ["count_up"]',
            'tasks = ["main"]',
            "tasks has main, which the script hands to no executor.",
        ),
    ],
)
def test_a_card_that_does_not_fit_its_script_says_where(
    folder: Path, file: str, right: str, wrong: str, fault: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(CardError) as caught:
        all_demos(folder)
    assert f"race_counter.toml: {fault}" in caught.value.faults


def test_a_demo_without_a_card_says_so(folder: Path) -> None:
    (folder / "race_counter.toml").unlink()
    with pytest.raises(CardError, match=r"race_counter\.toml: it cannot be read"):
        all_demos(folder)


OWN = """\
from concurrent import futures

WORKERS = 4
RATE = 0.5
NAME = "x"
ITEMS = ["a", "b"]
PAIR = ("a", "b")
DEEP = {"a": 1}
NUMBERS = [1, 2]
NOTHING = None
KIND = futures.ALL_COMPLETED
CHECK = False
EXECUTOR = futures.ThreadPoolExecutor

def work(item):
    return item.upper()  # knob: act

def main():
    with EXECUTOR(WORKERS) as executor:
        print(list(executor.map(work, ITEMS)))

if __name__ == "__main__":
    main()
"""


def own(tmp_path: Path, text: str) -> Demo:
    file = tmp_path / "own.py"
    file.write_bytes(text.encode())
    return demo_from_file(file)


def test_the_constants_of_an_own_script_are_its_knobs(tmp_path: Path) -> None:
    demo = own(tmp_path, OWN)
    assert (demo.name, demo.path, demo.text) == ("own.py", tmp_path / "own.py", OWN)
    assert {knob.name: knob.kind for knob in demo.card.knobs} == {
        "WORKERS": "int",
        "RATE": "float",
        "NAME": "text",
        "ITEMS": "lines",
        "PAIR": "lines",
        "CHECK": "bool",
        "act": "line",
    }
    assert all(knob.minimum is None and knob.maximum is None for knob in demo.card.knobs)
    assert demo.card.tasks == ("work",)
    assert demo.card.title.in_language("ja") == "own.py"
    values = {knob.name: knob.value for knob in find_knobs(OWN)}
    for knob in demo.card.knobs:
        check_value(knob, values[knob.name])


def test_an_own_script_can_take_the_modes_that_it_can_run_in(tmp_path: Path) -> None:
    assert own(tmp_path, OWN).card.modes == ("threads", "processes")
    asking = OWN.replace("    with EXEC", "    if EXECUTOR is None:\n        return\n    with EXEC")
    card = own(tmp_path, asking).card
    assert (card.modes, card.default_mode) == (tuple(mode.name for mode in MODES), "threads")
    deciding = OWN.replace("with EXECUTOR(WORKERS)", "with (EXECUTOR or Inline)(WORKERS)")
    assert own(tmp_path, deciding).card.modes == ("sequential", "threads", "processes")
    card = own(tmp_path, "EXECUTOR = None\nfor item in 'ab': print(item)\n").card
    assert (card.modes, card.default_mode) == (("sequential",), "sequential")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "print(1)\n",
        OWN.replace("EXECUTOR =", "POOL ="),
        "from concurrent.futures import ThreadPoolExecutor\nEXECUTOR = ThreadPoolExecutor\n",
    ],
)
def test_a_script_without_a_mode_to_turn_runs_as_it_is(tmp_path: Path, text: str) -> None:
    card = own(tmp_path, text).card
    assert (card.modes, card.default_mode) == ((SCRIPT_MODE,), SCRIPT_MODE)


def test_an_own_script_is_read_byte_by_byte(tmp_path: Path) -> None:
    text = "\ufeffN = 1\r\nprint('é')\r\n"
    assert own(tmp_path, text).text == text


def test_find_takes_names_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own(tmp_path, OWN)
    (tmp_path / "script").write_text("N = 1\n")
    assert find("fibonacci") == demo_named("fibonacci")
    assert find("own.py").name == "own.py"
    assert find(str(tmp_path / "script")).name == "script"
    assert find("script").text == "N = 1\n"
    with pytest.raises(UnknownDemo):
        find("scrip")
    with pytest.raises(UnreadableScript, match=r"There is no file fibonacci\.py; check its name"):
        find("fibonacci.py")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x7fELF\0\0", "is not a text; give a Python script"),
        ("N = 'é'".encode("latin-1"), "is not UTF-8 text; save it as UTF-8"),
        (b"#" * (demos.LARGEST_BYTES + 1), "is larger than a megabyte; give a Python script"),
    ],
)
def test_a_file_that_is_no_script_is_one_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "x.py"
    file.write_bytes(content)
    with pytest.raises(UnreadableScript, match=reason):
        find(str(file))


def test_a_folder_is_no_script_and_a_locked_file_none_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnreadableScript, match="is not a file; give a Python script"):
        demo_from_file(tmp_path)
    file = tmp_path / "x.py"
    file.touch()

    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    # The administrator may read anything, so that a file without the right proves nothing.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableScript, match=r"x\.py cannot be read \(Permission denied\)\.$"):
        demo_from_file(file)


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SyntaxProblem, match="Python cannot read line 2"):
        own(tmp_path, "N = 1\nprint(\n")


def test_a_mode_of_a_demo_is_a_dotted_name_or_none(demo: Demo) -> None:
    values = {knob.name: knob.value for knob in find_knobs(demo.text)}
    assert isinstance(values[MODE_KNOB], DottedName)
