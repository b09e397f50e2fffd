"""Whatever tasks are given and return, the lab describes it shortly, and goes on."""

from __future__ import annotations

from pathlib import Path

from tests.lab.running import assert_complete, done_in_lab, lines, outcomes, results, write_script
from tests.pythons import Python

VALUES = r"""
    import threading
    from concurrent import futures

    class Silent:
        def __repr__(self):
            raise RuntimeError("no comment")

    class Wordless(Exception):
        def __str__(self):
            raise ValueError("no text")
        __repr__ = __str__

    class Plain:
        pass

    class Unicode:
        def __repr__(self):
            return "odd \ud800 \u6f22"

    class Items(list):
        pass

    HUGE = 7 ** 236_650  # nearly 200,000 digits

    def give(value):
        return value

    def fail(error):
        raise error

    def main():
        loop = []
        loop.append(loop)
        values = [
            HUGE, -HUGE, [HUGE],
            Silent(), {"key": Silent()}, Plain(), Unicode(),
            "\ud800", "x" * 10 ** 7, b"y" * 10 ** 7, bytearray(10 ** 8),
            Items(range(10 ** 6)), range(10 ** 6), loop, Wordless(),
            float("nan"), None, "tab\tand\nline", 10 ** 15, 10 ** 15 - 1, True, {1: {2: {3: 4}}},
        ]
        with futures.ThreadPoolExecutor(1) as executor:
            for value in values:
                assert executor.submit(give, value).result() is value
            for error in Wordless(), ValueError("\udfff"), KeyError("x" * 10 ** 6), Exception():
                assert executor.submit(fail, error).exception() is error
            executor.submit(give, value=Silent()).result()
            executor.submit(max, *range(1000), key=None).result()
        print("all back")

    if __name__ == "__main__":
        main()
    """

TOLD = [
    "an integer of about 199,993 digits",
    "minus an integer of about 199,993 digits",
    "[an integer of about 199,993 digits]",
    "<Silent, whose repr raised RuntimeError>",
    "{'key': <Silent, whose repr raised RuntimeError>}",
    "<Plain>",
    "odd ? 漢",
    r"'\ud800'",
    "'" + "x" * 119 + "'…",
    "b'" + "y" * 119 + "'…",
    "<bytearray of 100,000,000 items>",
    "<Items of 1,000,000 items>",
    "range(0, 1000000)",
    "[[[…]]]",
    "Wordless: <its str raised ValueError>",
    "nan",
    "None",
    r"'tab\tand\nline'",
    "an integer of about 16 digits",
    "999999999999999",
    "True",
    "{1: {2: {…}}}",
    "Wordless: <its str raised ValueError>",
    "ValueError: ?",
    "KeyError: '" + "x" * 108 + "…",
    "Exception",
    "<Silent, whose repr raised RuntimeError>",
    "999",
]


def test_any_value_is_told_shortly(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, VALUES))
    assert lines(recording) == ["all back"]
    assert results(recording) == TOLD
    assert_complete(recording)
    given = [recording.arguments(task) for task in range(len(recording))]
    assert given[:26] == TOLD[:26]  # results are told as arguments are
    assert given[26] == "value=<Silent, whose repr raised RuntimeError>"
    assert given[27] == "0, 1, 2, 3, key=None, …"
    assert set(outcomes(recording)[22:26]) == {1}
