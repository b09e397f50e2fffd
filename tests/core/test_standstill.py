"""For how long a run has been standing still: what the tour and the measuring of claims look at."""

import time

from core import events
from core.incidents import stalled_for_s
from core.recording import Recording
from tests.core.recordings import MAIN_PID, header

WAITS = [events.Wait(0, 1, "result()", 7)]


def begun_s_ago(seconds: float) -> Recording:
    return Recording(header(), time.perf_counter_ns() - round(seconds * 1e9))


def stalled(record: Recording, at_s: float, waits: list[events.Wait]) -> None:
    at_ns = record.origin_ns + round(at_s * 1e9)
    record.apply(MAIN_PID, events.Stalled(at_ns, waits))


def test_a_standstill_lasts_from_its_first_word_to_now() -> None:
    record = begun_s_ago(100)
    assert stalled_for_s(record) == 0
    stalled(record, 10, WAITS)
    stalled(record, 60, WAITS * 2)  # one more waits: the same standstill
    assert 90 <= stalled_for_s(record) < 150


def test_a_run_that_goes_on_again_stands_no_more() -> None:
    record = begun_s_ago(100)
    stalled(record, 10, WAITS)
    stalled(record, 20, [])
    assert stalled_for_s(record) == 0
    stalled(record, 70, WAITS)
    assert 30 <= stalled_for_s(record) < 90


def test_a_run_that_is_over_stands_no_more() -> None:
    record = begun_s_ago(100)
    stalled(record, 10, WAITS)
    record.finish("stopped", 1, "", record.origin_ns)
    assert stalled_for_s(record) == 0
