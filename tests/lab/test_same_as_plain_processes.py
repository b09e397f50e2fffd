"""What crosses to worker processes and back is the same in the lab, with every start method."""

from __future__ import annotations

from pathlib import Path

from tests.lab.running import in_lab, plainly, said, start_methods, write_script
from tests.pythons import Python

THINGS = """
    import dataclasses
    import multiprocessing
    import sys
    from concurrent import futures

    print("imported as", __name__, list(globals()))

    @dataclasses.dataclass(frozen=True)
    class Inner:
        number: int

    @dataclasses.dataclass
    class Outer:
        inner: Inner
        children: list

    class Refused(Exception):
        def __init__(self, outer, why):
            super().__init__(outer, why)
            self.outer = outer

        def __str__(self):
            return f"refused {self.outer}"

    class Adder:
        def __init__(self, amount):
            self.amount = amount

        def __call__(self, number):
            return number + self.amount

        def method(self, number):
            return number - self.amount

    def nested(outer, *, scale=1):
        return dataclasses.replace(outer, children=[outer.inner, Inner(scale)])

    def refuse(outer):
        raise Refused(outer, "because")

    def where():
        return __name__, sys.argv[1:], len(sys.path) > 0, multiprocessing.current_process().name

    def main(method):
        context = multiprocessing.get_context(method)
        task = Outer(Inner(1), [])
        with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            print(executor.submit(nested, task, scale=3).result())
            print(list(executor.map(Adder(2), [1, 2])))
            print(executor.submit(Adder(1).method, 5).result())
            error = executor.submit(refuse, task).exception()
            print(type(error).__name__, error, error.outer == task, error.args)
            print(executor.submit(where).result())
        print(executor.submit.__name__, type(executor).__name__, type(executor).__module__)

    if __name__ == "__main__":
        for method in sys.argv[1:]:
            main(method)
    """

WITHOUT_GUARD = """
    import multiprocessing
    import sys
    from concurrent import futures

    context = multiprocessing.get_context(sys.argv[1])
    with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
        try:
            print(executor.submit(abs, -1).result())
        except futures.process.BrokenProcessPool as error:
            print("broken")
    """

PLAIN_MULTIPROCESSING = """
    import multiprocessing
    import os
    import sys

    def work(queue, number):
        print("in a child", flush=True)  # before the parent goes on and prints
        queue.put(number * 2)

    def main(method):
        context = multiprocessing.get_context(method)
        queue = context.Queue()
        child = context.Process(target=work, args=(queue, 21))
        child.start()
        print(queue.get())
        child.join()
        print(child.exitcode, len(multiprocessing.active_children()))
        with context.Pool(1) as pool:
            print(pool.map(abs, [-1, -2]))
        failing = context.Process(target=sys.exit, args=(7,))
        failing.start()
        failing.join()
        print(failing.exitcode)

    if __name__ == "__main__":
        for method in sys.argv[1:]:
            main(method)
    """


def test_functions_tasks_and_errors_cross(outer_python: Python, tmp_path: Path) -> None:
    methods = start_methods(outer_python)
    path = write_script(tmp_path, THINGS)
    expected = plainly(outer_python, path, *methods)
    recording = in_lab(outer_python, path, arguments=tuple(methods))
    assert said(recording) == expected
    assert expected.exit_code == 0
    assert recording.troubles == []
    assert [made.start_method for made in recording.executors.values()] == methods


def test_a_forgotten_guard_fails_alike(newest_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, WITHOUT_GUARD)
    expected, got = (
        plainly(newest_python, path, "spawn"),
        said(in_lab(newest_python, path, arguments=("spawn",))),
    )
    assert (got.stdout, got.exit_code) == (expected.stdout, expected.exit_code)
    assert got.stdout[-1] == "broken"
    assert [line for line in got.stderr if "freeze_support" in line]


def test_multiprocessing_itself_works(outer_python: Python, tmp_path: Path) -> None:
    methods = start_methods(outer_python)
    path = write_script(tmp_path, PLAIN_MULTIPROCESSING)
    expected = plainly(outer_python, path, *methods)
    assert said(in_lab(outer_python, path, arguments=tuple(methods))) == expected
    assert expected.exit_code == 0
