"""Executors that the lab does not know work as without it, and the run says what was not seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.running import done_in_lab, in_lab, lines, plainly, said, write_script
from tests.pythons import Python, installed_pythons

INTERPRETERS = """
    import concurrent.futures.interpreter
    import sys
    import time
    import traceback
    from concurrent import futures, interpreters
    from concurrent.futures import InterpreterPoolExecutor

    class Mine(InterpreterPoolExecutor):
        def __init__(self, *, many):
            super().__init__(many, "mine")

    def double(number):
        return 2 * number

    def fail(number):
        raise ValueError(number)

    def inside(number):
        from concurrent import futures
        with futures.ThreadPoolExecutor(2) as pool:
            waiting = [pool.submit(pow, number, power) for power in range(3)]
            found = sorted(future.result() for future in futures.as_completed(waiting))
        return found, [name for name in sys.modules if "lab" in name]

    def shown(call, *args):
        try:
            print(call(*args))
        except Exception:
            traceback.print_exc(file=sys.stdout)

    def main():
        print(InterpreterPoolExecutor is concurrent.futures.interpreter.InterpreterPoolExecutor)
        with futures.InterpreterPoolExecutor(2) as pool:
            print(list(pool.map(double, range(5))), list(pool.map(abs, [-1, 2], chunksize=2)))
            waiting = [pool.submit(double, number) for number in range(4)]
            print(sorted(future.result() for future in futures.as_completed(waiting)))
            print([len(part) for part in futures.wait(waiting)])
            shown(pool.submit(fail, 3).result)
            print(repr(pool.submit(fail, 4).exception()))
            print(pool.submit(inside, 3).result())
        shown(pool.submit, double, 1)
        with InterpreterPoolExecutor(1, initializer=print, initargs=("ready",)) as pool:
            print(pool.submit(pow, 2, 10).result())
        with Mine(many=1) as pool:
            first = pool.submit(time.sleep, 0.1)
            print(pool.submit(double, 1).cancel(), first.result())
        pool = InterpreterPoolExecutor(1)
        waiting = [pool.submit(time.sleep, 0.1) for _ in range(3)]
        pool.shutdown(cancel_futures=True)
        print([future.cancelled() for future in waiting[1:]])
        shown(InterpreterPoolExecutor, 0)
        with futures.ThreadPoolExecutor(1) as pool:
            print(pool.submit(double, 21).result())

    if __name__ == "__main__":
        main()
    """

ODD_CLASSES = """
    import dataclasses
    from concurrent import futures

    class Fixed(futures.ThreadPoolExecutor):
        def __setattr__(self, name, value):
            if "lab" in name:
                raise AttributeError(name)
            super().__setattr__(name, value)

    @dataclasses.dataclass
    class Unhashable(futures.ThreadPoolExecutor):
        many: int
        def __post_init__(self):
            super().__init__(self.many)

    class Lazy(futures.ThreadPoolExecutor):
        def __init__(self, many):
            self.many = many

        def submit(self, fn, /, *args, **kwargs):
            if not hasattr(self, "_work_queue"):
                super().__init__(self.many)
            return super().submit(fn, *args, **kwargs)

    class AtOnce(futures.Executor):
        def __init__(self, many):
            pass

        def submit(self, fn, /, *args, **kwargs):
            future = futures.Future()
            future.set_result(fn(*args, **kwargs))
            return future

    class Borrowed(futures.ThreadPoolExecutor):
        def __init__(self, many):
            self.__dict__.update(vars(futures.ThreadPoolExecutor(many)))

    for kind in Fixed, Unhashable, Lazy, AtOnce, Borrowed:
        with kind(2) as pool:
            waiting = [pool.submit(abs, -number) for number in range(3)]
            found = sorted(future.result() for future in futures.as_completed(waiting))
            print(kind.__name__, found, *pool.map(abs, [-1, -2]), len(futures.wait(waiting).done))
    """

OWN_CONTEXT = """
    from concurrent import futures
    from concurrent.futures import thread

    class Context(thread.WorkerContext):
        @classmethod
        def prepare(cls, initializer, initargs):
            create, _ = super().prepare(initializer, initargs)
            return create, lambda fn, args, kwargs: (by_name, (fn.__name__, *args), kwargs)

    def by_name(name, *args):
        return name, args

    class ByName(futures.ThreadPoolExecutor):
        @classmethod
        def prepare_context(cls, initializer, initargs):
            return Context.prepare(initializer, initargs)

    for _ in range(2):
        with ByName(1) as pool:
            print(pool.submit(abs, -1).result())
    """

NOT_OBSERVED = "Tasks of {} are not observed yet; they ran as usual."


def with_interpreters() -> list[Python]:
    """Return the Pythons that have pools of interpreters: those from 3.14 on."""
    minor = {one: int(one.version.removesuffix("t").split(".")[1]) for one in installed_pythons()}
    return [one for one in minor if minor[one] >= 14]


@pytest.mark.parametrize("python", with_interpreters(), ids=lambda one: one.version)
def test_pools_of_interpreters_work_as_without_the_lab(python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, INTERPRETERS)
    recording = in_lab(python, path)
    assert said(recording) == plainly(python, path)
    assert recording.troubles == [
        NOT_OBSERVED.format(name) for name in ("InterpreterPoolExecutor", "Mine")
    ]
    assert len(recording) == 1  # the one in a thread


@pytest.mark.parametrize("python", with_interpreters(), ids=lambda one: one.version)
def test_a_pool_with_a_context_of_its_own_is_left_alone(python: Python, tmp_path: Path) -> None:
    recording = in_lab(python, write_script(tmp_path, OWN_CONTEXT))
    assert lines(recording) == ["('abs', (-1,))"] * 2
    assert recording.troubles == [NOT_OBSERVED.format("ByName")]


def test_classes_of_the_script_may_be_odd(outer_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, ODD_CLASSES)
    recording = done_in_lab(outer_python, path)
    assert said(recording) == plainly(outer_python, path)
    assert len(recording.executors) == 4  # all but the one that is no pool at all
