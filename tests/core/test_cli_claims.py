"""``list --claims``: a table of what the tutorial claims and, measured, whether it holds here."""

import os
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from core.demos import FOLDER
from tests.core.command import MAIN, PATIENCE_S, Result, begun, descendants, ended
from tests.waiting import wait_until

TRIES = 3

SMALL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from core import cli, demos
demos.all_demos.__defaults__ = (Path(sys.argv[2]),)
sys.exit(cli.main(sys.argv[3:], None, None))
"""
"""The command line around the demos of another folder."""

SCRIPT = """from concurrent import futures

SIZE = 3
EXECUTOR = futures.ThreadPoolExecutor

def work(number):
    return number

def main():
    print("RAN", EXECUTOR, SIZE)
    with open({ledger!r}, "a") as ledger:
        print({name!r}, EXECUTOR and EXECUTOR.__name__, SIZE, file=ledger)
    {fate}
    if EXECUTOR is None:
        return [work(number) for number in range(SIZE)]
    with EXECUTOR(2) as executor:
        return list(executor.map(work, range(SIZE)))

if __name__ == "__main__": main()
"""

CARD = """
order = {order}
modes = ["sequential", "threads"]
default_mode = "threads"
tasks = ["work"]
views = []
{more}
title = {{ en = "T", ja = "題" }}
summary = {{ en = "S", ja = "要" }}

[[knob]]
name = "SIZE"
kind = "int"
label = {{ en = "Size", ja = "大きさ" }}
help = {{ en = "How large.", ja = "大きさ。" }}

[[figure]]
name = "then_s"
mode = "threads"
value = 20
unit = "s"
text = {{ en = "{{value:seconds}}", ja = "{{value:seconds}}" }}
"""

CLAIM = """
[[claim]]
name = "{name}"
en = "The claim {name}."
ja = "主張。"
mode = "threads"
before = ["sequential"]
{more}
[[claim.verdict]]
holds = "{holds}"
when = "{when}"
en = "{{tasks:count}} tasks ran."
ja = "{{tasks:count}}個。"
"""

GOOD = (
    {"name": "all", "holds": "yes", "when": "tasks == 3 and sequential_s >= 0", "more": ""},
    {"name": "none", "holds": "no", "when": "tasks == 3 and speedup >= 0", "more": ""},
    {"name": "some", "holds": "partly", "when": "tasks == 5", "more": "knobs = { SIZE = 5 }"},
    {"name": "open", "holds": "yes", "when": "tasks == 77", "more": ""},
)
ANY = ({"name": "any", "holds": "yes", "when": "tasks == 3", "more": ""},)
OBJECT = [
    *("claim", "demo", "mode", "text", "figures", "python", "free_threaded"),
    *("machine", "holds", "measured", "why_not"),
]


class Folder:
    """Demos in a folder of their own, and a list of the runs that there were."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "demos"
        self.path.mkdir()
        self.ledger = folder / "ledger"
        self.ledger.touch()

    def add(
        self,
        name: str,
        claims: tuple[dict[str, str], ...] = ANY,
        fate: str = "pass",
        more: str = "",
    ) -> None:
        text = SCRIPT.format(name=name, ledger=str(self.ledger), fate=fate)
        (self.path / f"{name}.py").write_text(text, encoding="utf-8")
        order = len(list(self.path.iterdir()))
        card = CARD.format(order=order, more=more) + "".join(CLAIM.format(**one) for one in claims)
        (self.path / f"{name}.toml").write_text(card, encoding="utf-8")

    def runs(self) -> list[str]:
        return self.ledger.read_text(encoding="utf-8").splitlines()

    def add_real(self, name: str) -> None:
        for file in FOLDER.glob(f"{name}.*"):
            shutil.copy(file, self.path)

    @property
    def program(self) -> tuple[str, ...]:
        return ("-c", SMALL, str(MAIN.parent), str(self.path))

    def listed(self, *words: str) -> Result:
        with begun("list", *words, program=self.program) as process:
            return ended(process)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_nothing_is_run_and_nothing_known_unless_it_is_measured(folder: Folder) -> None:
    folder.add("good", GOOD)
    result = folder.listed("--claims", "--json")
    assert (result.status, result.err) == (0, "")
    assert [list(found) for found in result.object] == [OBJECT] * 4
    assert [found["claim"] for found in result.object] == ["all", "none", "some", "open"]
    for found in result.object:
        unknown = ("python", "free_threaded", "holds", "measured", "why_not")
        assert [found[key] for key in unknown] == [None] * 5
    assert result.object[0]["figures"] == [
        {"name": "then_s", "mode": "threads", "value": 20, "unit": "s"}
    ]
    table = folder.listed("--claims")
    assert (table.status, table.err) == (0, "")
    assert table.out.count("not measured") == 4
    assert "The claim some." in table.out
    assert folder.runs() == []


def test_measured_claims_hold_in_part_or_do_not_or_stay_open(folder: Folder) -> None:
    folder.add("good", GOOD)
    result = folder.listed("--claims", "--measure", "--json")
    assert (result.status, result.err) == (0, "")
    known = {found["claim"]: (found["holds"], found["measured"]) for found in result.object}
    assert known == {
        "all": ("yes", "3 tasks ran."),
        "none": ("no", "3 tasks ran."),
        "some": ("partly", "5 tasks ran."),
        "open": (None, None),
    }
    assert {found["python"] for found in result.object} == {sys.version.split()[0]}
    assert result.object[3]["why_not"].startswith("The runs did not decide it; ")
    assert result.object[0]["why_not"] is None
    assert result.object[0]["machine"]["system"] == sys.platform


def test_no_run_is_made_twice_and_none_before_those_it_is_compared_with(folder: Folder) -> None:
    folder.add("good", GOOD)
    folder.listed("--claims", "--measure")
    assert folder.runs() == [
        "good None 3",
        "good ThreadPoolExecutor 3",
        "good None 5",
        "good ThreadPoolExecutor 5",
    ]


def test_people_get_a_table(folder: Folder) -> None:
    folder.add("good", GOOD)
    result = folder.listed("--claims", "--measure")
    assert (result.status, result.err) == (0, "")
    words = ("holds", "holds in part", "does not hold", "not known", "5 tasks ran.")
    assert [word for word in words if word not in result.out] == []
    assert f"Python {sys.version.split()[0]}" in result.out


def test_a_demo_that_fails_does_not_keep_the_others(folder: Folder) -> None:
    folder.add("bad", fate="raise ValueError('no luck')")
    folder.add("good")
    result = folder.listed("--claims", "--measure", "--json")
    bad, good = result.object
    assert result.status == 1
    assert (bad["holds"], good["holds"]) == (None, "yes")
    assert bad["why_not"].startswith("In sequential: The script ended with an exception in line")
    assert "no luck" in bad["why_not"]


def test_a_demo_whose_needs_are_missing_says_so(folder: Folder) -> None:
    folder.add("needy", more='needs = ["no_such_module"]')
    folder.add("good")
    result = folder.listed("--claims", "--measure", "--json")
    needy, good = result.object
    assert result.status == 0
    assert (needy["holds"], good["holds"]) == (None, "yes")
    assert "no_such_module" in needy["why_not"]
    assert Counter(line.split()[0] for line in folder.runs()) == {"good": 2}


def test_a_card_that_cannot_judge_says_so(folder: Folder) -> None:
    folder.add("odd", ({"name": "odd", "holds": "yes", "when": "python > 3", "more": ""},))
    folder.add("good")
    result = folder.listed("--claims", "--measure", "--json")
    odd, good = result.object
    assert (result.status, odd["holds"], good["holds"]) == (1, None, "yes")
    assert "is not a number" in odd["why_not"]


@pytest.mark.slow
def test_a_claim_of_a_real_demo_holds_or_does_not(folder: Folder) -> None:
    folder.add_real("downloads")
    for _ in range(TRIES):  # on a busy machine one of three runs may have been held up
        result = folder.listed("--claims", "--measure", "--json")
        assert (result.status, result.err) == (0, "")
        shortened = result.object[0]
        if shortened["holds"] == "yes":
            break
    assert (shortened["claim"], shortened["holds"]) == ("threads_shorten_waiting", "yes")
    assert "3 threads took" in shortened["measured"]


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_stop_prints_what_was_measured_and_leaves_nothing(folder: Folder) -> None:
    folder.add("good")
    folder.add("endless", fate="__import__('threading').Event().wait()")
    folder.add("late")
    words = ("list", "--claims", "--measure", "--json")
    with begun(*words, program=folder.program) as process:
        wait_until(lambda: "endless None 3" in folder.runs(), PATIENCE_S)
        children = descendants(process)
        assert children
        process.send_signal(signal.SIGINT)
        result = ended(process)
    assert (result.status, result.err) == (3, "")
    assert [found["holds"] for found in result.object] == ["yes", None, None]
    assert all("stopped" in found["why_not"] for found in result.object[1:])
    assert not any(child.is_running() for child in children)
    assert folder.runs()[-1] == "endless None 3"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--measure"], "add --claims"),
        (["--python", "python3"], "add --claims"),
        (["--claims", "--python", "python3"], "Without --measure nothing is run"),
        (["--claims", "--measure", "--python", "/absent"], "There is no Python at /absent"),
    ],
)
def test_what_makes_no_sense_is_told(folder: Folder, words: list[str], told: str) -> None:
    folder.add("good")
    result = folder.listed(*words)
    assert (result.status, result.out) == (2, "")
    assert told in result.err
    assert result.err.count("\n") == 1
