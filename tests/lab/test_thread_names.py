"""The names of the script's threads are told, and whose they are."""

from __future__ import annotations

from pathlib import Path

from tests.lab.running import done_in_lab, write_script
from tests.pythons import Python

NAMED = """
    import threading
    from concurrent import futures

    over = threading.Event()

    def tick():
        over.wait(60)

    def work(number):
        helper = threading.Thread(target=over.wait, args=(0.2,), name="helper of a worker")
        helper.start()
        helper.join()
        return number

    def main():
        known = [threading.Thread(target=tick), threading.Thread(target=tick, name="named")]
        for thread in known:
            thread.start()
        with futures.ProcessPoolExecutor(2) as executor:
            print(list(executor.map(work, range(4))))
        known[1].name = "renamed"
        over.wait(0.2)
        over.set()
        for thread in known:
            thread.join()
        print([thread.name for thread in threading.enumerate()])

    if __name__ == "__main__":
        main()
    """


def test_threads_are_called_as_the_script_calls_them(outer_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(outer_python, write_script(tmp_path, NAMED))
    assert [line.text for line in recording.output] == ["[0, 1, 2, 3]", "['MainThread']"]
    main = recording.processes[0].pid
    own = {(pid == main, one.name) for (pid, _), one in recording.threads.items() if one.is_own}
    assert own == {(True, "Thread-1 (tick)"), (True, "renamed"), (False, "helper of a worker")}
    others = [one.name for one in recording.threads.values() if not one.is_own]
    assert len(others) == 2  # what manages the pool, and what feeds its queue
    assert "QueueFeederThread" in others
