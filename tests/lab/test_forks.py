"""Scripts that fork: their children are silent, and nothing of the parent's gets lost or mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.running import assert_complete, done_in_lab, in_lab, lines, write_script
from tests.pythons import Python

FORKED = """
    import os
    import sys
    from concurrent import futures

    def work(number):
        return number

    def in_child(depth):
        # Below the descriptors that are open already: a child must not close what is not its own.
        first, second = os.pipe()
        with futures.ThreadPoolExecutor(1) as executor:
            text = f"child {depth}: {executor.submit(work, depth).result()}"
        if depth < 3:
            fork(depth + 1)
        os.write(second, text.encode())
        print(os.read(first, 100).decode())

    def fork(depth):
        child = os.fork()
        if child == 0:
            in_child(depth)
            sys.stdout.flush()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0

    def main():
        with futures.ThreadPoolExecutor(2) as executor:
            before = list(executor.map(work, range(3)))
            fork(1)
            print(before, list(executor.map(work, range(3))))

    main()
    """

FORKED_IN_WORKERS = """
    import multiprocessing
    import os
    import sys
    from concurrent import futures

    def work(number):
        child = os.fork()
        if child == 0:
            os._exit(number)
        return os.waitpid(child, 0)[1] >> 8

    def main():
        for method in sys.argv[1:]:
            context = multiprocessing.get_context(method)
            with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
                print(*[executor.submit(work, number).result() for number in range(3)])

    if __name__ == "__main__":
        main()
    """

CHILD_LEAVES_NORMALLY = """
    import atexit
    import os
    import sys
    from concurrent import futures

    with futures.ThreadPoolExecutor(1) as executor:
        executor.submit(abs, -1).result()
    child = os.fork()
    if child == 0:
        sys.exit(9)
    print(os.waitpid(child, 0)[1] >> 8)
    with futures.ThreadPoolExecutor(1) as executor:
        print(executor.submit(abs, -2).result())
    """

CHILDREN_LEAVE_BESIDE_A_BUSY_POOL = """
    import os
    import sys
    import time
    from concurrent import futures

    busy = True

    def again(pool):
        time.sleep(0)
        if busy:
            pool.submit(again, pool)

    def leave(way):
        if way == "exit":
            sys.exit(3)
        if way == "pool":
            with futures.ThreadPoolExecutor(2) as own:
                assert list(own.map(abs, [-1, -2])) == [1, 2]
            sys.exit(3)
        if way == "nested":
            if os.fork() == 0:
                sys.exit(3)
            sys.exit(os.wait()[1] >> 8)
        if way == "raise":
            sys.excepthook = lambda *error: None
            raise SystemError
        assert way == "fall off the end"

    def main():
        global busy
        pool = futures.ThreadPoolExecutor(2)
        for _ in range(2):
            pool.submit(again, pool)
        for _ in range(int(sys.argv[1])):
            left = []
            for way in "exit", "pool", "nested", "raise", "fall off the end":
                child = os.fork()
                if child == 0:
                    return leave(way)
                left.append(os.waitpid(child, 0)[1] >> 8)  # one that hangs holds up the test
            assert left == [3, 3, 3, 1, 0], left
        busy = False
        pool.shutdown()

    main()
    """

FORKS_BESIDE_SUBMITS = """
    import os
    from concurrent import futures

    busy = True

    def again(pool):
        if busy:
            pool.submit(again, pool)

    with futures.ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(again, pool)
        for _ in range(100):
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitpid(child, 0)
        busy = False
    """

FORKED_BY_A_LOOK = """
    import os
    import time

    class Counter:
        child = None

        @property
        def count(self):
            if self.child is None:
                self.child = os.fork()
            return 1

    counter = Counter()
    while counter.child is None:
        time.sleep(0.01)
    print(os.waitpid(counter.child, 0)[1])
    """


def test_children_of_children_are_silent(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, FORKED))
    assert lines(recording) == ["child 3: 3", "child 2: 2", "child 1: 1", "[0, 1, 2] [0, 1, 2]"]
    assert len(recording) == 6
    assert len(recording.processes) == 1
    assert_complete(recording)


def test_workers_may_fork(outer_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, FORKED_IN_WORKERS)
    recording = done_in_lab(outer_python, path, arguments=("fork", "spawn"))
    assert lines(recording) == ["0 1 2", "0 1 2"]
    assert len(recording) == 6
    assert_complete(recording)


def test_a_child_that_ends_as_a_script_does(outer_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(outer_python, write_script(tmp_path, CHILD_LEAVES_NORMALLY))
    assert lines(recording) == ["9", "2"]
    assert len(recording) == 2
    assert_complete(recording)


def test_children_that_leave_beside_a_busy_pool(outer_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, CHILDREN_LEAVE_BESIDE_A_BUSY_POOL)
    recording = in_lab(outer_python, path, arguments=("4",))
    assert recording.ending is not None
    assert (recording.ending.outcome, lines(recording, "stderr")) == ("done", [])
    assert len(recording.processes) == 1


def test_a_look_at_a_watch_may_fork(outer_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, FORKED_BY_A_LOOK)
    recording = done_in_lab(outer_python, path, watches={"count": "counter.count"})
    assert lines(recording) == ["0"]


@pytest.mark.slow
def test_many_children_that_leave_beside_a_busy_pool(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, CHILDREN_LEAVE_BESIDE_A_BUSY_POOL)
    recording = in_lab(each_python, path, arguments=("30",))
    assert recording.ending is not None
    assert recording.ending.outcome == "done"


@pytest.mark.slow
def test_children_forked_while_others_submit(each_python: Python, tmp_path: Path) -> None:
    recording = in_lab(each_python, write_script(tmp_path, FORKS_BESIDE_SUBMITS))
    assert recording.ending is not None
    assert recording.ending.outcome == "done"
