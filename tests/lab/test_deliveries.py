"""A delivery is the moment when the script got hold of a result, whichever way it asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.events import CANCELLED, DONE, FAILED
from tests.lab.running import (
    assert_complete,
    done_in_lab,
    lines,
    logged,
    outcomes,
    write_script,
)
from tests.pythons import Python

AS_COMPLETED = """
    import threading
    from concurrent import futures

    turns = [threading.Event() for _ in range(4)]
    ORDER = [2, 0, 3, 1]
    turns[0].set()

    def work(number):
        turns[ORDER.index(number)].wait()
        return number

    def main():
        with futures.ThreadPoolExecutor(4) as executor:
            waiting = [executor.submit(work, number) for number in range(4)]
            for turn, future in zip([*turns[1:], turns[0]], futures.as_completed(waiting)):
                print(future.result(), future.result())
                turn.set()
    main()
    """

WAIT = """
    import threading
    from concurrent import futures

    gates = {name: threading.Event() for name in ("first", "bad", "rest")}

    def work(gate):
        gates[gate].wait()
        if gate == "bad":
            raise ValueError(gate)

    def count(found):
        print(len(found.done), len(found.not_done))
        return found.not_done

    def main():
        with futures.ThreadPoolExecutor(4) as executor:
            left = [executor.submit(work, gate) for gate in ("rest", "first", "bad", "rest")]
            count(futures.wait(left, timeout=0))
            gates["first"].set()
            left = count(futures.wait(left, return_when=futures.FIRST_COMPLETED))
            gates["bad"].set()
            left = count(futures.wait(left, return_when=futures.FIRST_EXCEPTION))
            gates["rest"].set()
            count(futures.wait(left))
    main()
    """

OTHER_WAYS = """
    import asyncio
    import threading
    from concurrent import futures

    gate = threading.Event()

    def work(number):
        if number == 0:
            gate.wait()
        return number

    def main():
        with futures.ThreadPoolExecutor(1) as executor:
            first = executor.submit(work, 0)
            for ask in first.result, first.exception:
                try:
                    ask(timeout=0)
                except futures.TimeoutError:
                    print("not yet")
            gate.set()
            print(first.exception())
            print(*executor.map(work, [1, 2]))
            never = executor.submit(work, 3)
            async def inside():
                return await asyncio.wrap_future(executor.submit(work, 4))
            print(asyncio.run(inside()))
        foreign = futures.Future()
        foreign.set_result("not of a pool")
        print(foreign.result(), len(futures.wait([foreign, never, never]).done))
    main()
    """

BY_ASYNCIO = """
    import asyncio
    import sys
    import threading
    from concurrent import futures

    gate = threading.Event()

    def work(number):
        if number == 0:
            gate.wait()
        if number == 3:
            raise ValueError(number)
        return number

    async def asking(executor):
        loop = asyncio.get_running_loop()
        loop.set_default_executor(executor)
        first = loop.run_in_executor(None, work, 0)
        never = loop.run_in_executor(executor, work, 1)
        never.cancel()
        await asyncio.sleep(0)
        gate.set()
        print(await first, await loop.run_in_executor(executor, work, 2))
        print(*await asyncio.gather(loop.run_in_executor(None, work, 3), return_exceptions=True))
        print(await asyncio.wrap_future(executor.submit(work, 4)))
        print(await asyncio.to_thread(work, 5))
        running = asyncio.run_coroutine_threadsafe(asyncio.sleep(0, "ran"), loop)
        print(await asyncio.wrap_future(running))
        try:
            await never
        except asyncio.CancelledError:
            print("cancelled")

    asyncio.run(asking(futures.ThreadPoolExecutor(1)))
    """

LIFETIMES = """
    import gc
    import threading
    import weakref
    from concurrent import futures

    class Thing:
        pass

    def make():
        return Thing()

    def main():
        gc.disable()
        with futures.ThreadPoolExecutor(1) as executor:
            waiting = [executor.submit(make) for _ in range(3)]
            waiting.reverse()
            found = futures.as_completed([waiting.pop(), waiting.pop(), waiting.pop()])
            things = []
            for future in found:
                things.append(weakref.ref(future.result()))
                del future
        print([thing() for thing in things])  # free-threaded: once the thread that made them ended
    main()
    """


def test_as_completed_delivers_in_the_order_of_the_ends(
    each_python: Python, tmp_path: Path
) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, AS_COMPLETED))
    assert lines(recording) == ["2 2", "0 0", "3 3", "1 1"]
    assert logged(recording)["delivered"] == [2, 0, 3, 1]
    assert_complete(recording)


def test_wait_delivers_what_it_finds_done(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, WAIT))
    assert lines(recording) == ["0 4", "1 3", "1 2", "2 0"]
    delivered = logged(recording)["delivered"]
    assert delivered[:2] == [1, 2]
    assert sorted(delivered) == [0, 1, 2, 3]
    assert_complete(recording)
    times_s = recording.tasks.delivered_s
    assert times_s[0] == times_s[3]  # handed over in one set, which has no order
    assert times_s[1] < times_s[2] < times_s[0]


def test_results_asked_for_in_other_ways(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, OTHER_WAYS))
    assert lines(recording) == [
        "not yet",
        "not yet",
        "None",
        "1 2",
        "4",
        "not of a pool 2",
    ]
    assert logged(recording)["delivered"] == [0, 1, 2, 4, 3]  # once each, when it really came
    assert_complete(recording)


def test_results_live_no_longer_than_without_the_lab(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, LIFETIMES))
    assert lines(recording) == ["[None, None, None]"]


def test_what_nobody_asks_for_is_not_delivered(newest_python: Python, tmp_path: Path) -> None:
    text = """
        from concurrent import futures
        with futures.ThreadPoolExecutor(1) as executor:
            for number in range(3):
                executor.submit(abs, number)
        """
    recording = done_in_lab(newest_python, write_script(tmp_path, text))
    assert np.isnan(recording.tasks.delivered_s).all()
    assert not np.isnan(recording.tasks.finished_s).any()


def test_asyncio_gets_results_too(each_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(each_python, write_script(tmp_path, BY_ASYNCIO))
    assert lines(recording) == ["0 2", "3", "4", "5", "ran", "cancelled"]
    rows = recording.tasks
    assert outcomes(recording) == [DONE, CANCELLED, DONE, FAILED, DONE, DONE]
    assert np.flatnonzero(np.isnan(rows.delivered_s)).tolist() == [1]  # nobody got anything of it
    assert logged(recording)["delivered"] == [0, 2, 3, 4, 5]
