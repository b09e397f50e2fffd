"""The cursor as pure logic of time, with a clock that the test moves."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.recording import Recording
from gui.transport import SPEEDS, Transport
from tests.core.recordings import ORIGIN_NS, SECOND_NS
from tests.gui.charts_demo import TaskTimes, add, empty_run, end

END_S = 4.0


class Clock:
    """A clock that stands still unless it is told to move."""

    def __init__(self) -> None:
        self.ns = ORIGIN_NS

    def __call__(self) -> int:
        return self.ns

    def wait(self, seconds: float) -> None:
        self.ns += round(seconds * SECOND_NS)


def running_run() -> Recording:
    record = empty_run(began_s=0.5)
    add(record, TaskTimes(0, 0, 0.6, 1.0, 2.0), TaskTimes(1, 1, 0.6, 1.5, 3.0))
    return record


def finished_run() -> Recording:
    return end(running_run(), END_S)


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def transport(clock: Clock) -> Transport:
    """Return a transport that follows a finished run from 0.5 to 4 seconds."""
    transport = Transport(clock)
    transport.follow(finished_run())
    return transport


def test_without_a_run_there_is_nothing_to_move(clock: Clock) -> None:
    transport = Transport(clock)
    transport.play()
    transport.seek(1.0)
    transport.step(True)
    assert transport.state == "live"
    assert not transport.moving


def test_live_is_now_while_a_run_goes_on_and_everything_afterwards(clock: Clock) -> None:
    record, transport = running_run(), Transport(clock)
    transport.follow(record)
    clock.wait(3.5)
    assert transport.cursor_s == pytest.approx(3.5)
    assert transport.moving
    end(record, END_S)
    assert transport.cursor_s == math.inf
    assert not transport.moving


@pytest.mark.parametrize("slowness", SPEEDS)
def test_a_replay_takes_as_long_as_its_speed_says(
    transport: Transport, clock: Clock, slowness: int
) -> None:
    transport.set_slowness(slowness)
    transport.play()
    assert transport.cursor_s == pytest.approx(0.5)
    clock.wait(1.0 * slowness)
    transport.tick()
    assert transport.cursor_s == pytest.approx(1.5)
    clock.wait(2.6 * slowness)
    transport.tick()
    assert transport.state == "live"
    assert not transport.moving


def test_another_speed_goes_on_from_where_the_replay_is(transport: Transport, clock: Clock) -> None:
    transport.play()
    clock.wait(1.0)
    transport.set_slowness(4)
    assert transport.cursor_s == pytest.approx(1.5)
    clock.wait(1.0)
    assert transport.cursor_s == pytest.approx(1.75)


def test_what_stands_still_stays_where_it_is(transport: Transport, clock: Clock) -> None:
    transport.play()
    clock.wait(1.0)
    transport.toggle()
    clock.wait(9.0)
    assert transport.cursor_s == pytest.approx(1.5)
    assert not transport.moving
    transport.toggle()
    clock.wait(0.5)
    assert transport.cursor_s == pytest.approx(2.0)


def test_a_run_that_goes_on_is_paused_on_screen_only(clock: Clock) -> None:
    record, transport = running_run(), Transport(clock)
    transport.follow(record)
    clock.wait(3.1)
    transport.pause()
    clock.wait(0.5)
    assert transport.cursor_s == pytest.approx(3.1)
    assert transport.end_s == pytest.approx(3.6)
    assert transport.moving
    end(record, END_S)
    assert transport.cursor_s == pytest.approx(3.1)
    transport.go_live()
    assert transport.cursor_s == math.inf


def test_slow_motion_of_a_run_that_goes_on_begins_now(clock: Clock) -> None:
    transport = Transport(clock)
    transport.follow(running_run())
    clock.wait(1.0)
    transport.set_slowness(4)
    clock.wait(1.0)
    assert transport.cursor_s == pytest.approx(1.25)
    transport.go_live()
    assert transport.cursor_s == pytest.approx(2.0)


def test_steps_go_from_event_to_event_and_back(transport: Transport) -> None:
    transport.to_begin()
    forth = [transport.cursor_s]
    while transport.state == "paused":
        transport.step(True)
        forth.append(transport.cursor_s)
    assert forth == pytest.approx([0.5, 0.6, 1.0, 1.5, 2.0, 3.0, math.inf])
    back = []
    for _ in range(6):
        transport.step(False)
        back.append(transport.cursor_s)
    assert back == pytest.approx([3.0, 2.0, 1.5, 1.0, 0.6, 0.5])


def test_the_end_is_live_again(transport: Transport) -> None:
    transport.seek(2.0)
    assert (transport.state, transport.cursor_s) == ("paused", 2.0)
    transport.seek(99.0)
    assert (transport.state, transport.cursor_s) == ("live", math.inf)


def test_another_run_is_followed_live_and_the_same_one_left_alone(transport: Transport) -> None:
    transport.seek(2.0)
    transport.follow(transport.recording)
    assert transport.cursor_s == 2.0
    transport.follow(running_run())
    assert transport.state == "live"


def test_a_stopped_run_is_replayed_to_where_it_was_stopped(clock: Clock) -> None:
    transport = Transport(clock)
    transport.follow(end(running_run(), 3.5, outcome="stopped"))
    assert transport.end_s == pytest.approx(3.5)
    assert transport.begin_s == pytest.approx(0.5)


@given(st.floats(-10, 10), st.sampled_from(SPEEDS), st.floats(0, 300))
def test_a_replay_never_leaves_the_run_and_never_goes_back(
    from_s: float, slowness: int, wait_s: float
) -> None:
    clock = Clock()
    transport = Transport(clock)
    transport.follow(finished_run())
    transport.set_slowness(slowness)
    transport.seek(from_s)
    begun_s = transport.place_s
    transport.play()
    clock.wait(wait_s)
    transport.tick()
    if from_s < END_S:
        expected_s = min(begun_s + wait_s / slowness, END_S)
        assert transport.place_s == pytest.approx(expected_s, abs=1e-6)
    assert transport.begin_s <= transport.place_s <= transport.end_s


class AnyUse(RuleBasedStateMachine):
    """Whatever is pressed, and whatever the run does meanwhile, the cursor stays in the run."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.record = Clock(), running_run()
        self.transport = Transport(self.clock)
        self.transport.follow(self.record)
        self.clock.wait(3.0)

    @rule(seconds=st.floats(0, 3))
    def wait(self, seconds: float) -> None:
        before_s, plays = self.transport.place_s, self.transport.plays
        self.clock.wait(seconds)
        assert self.transport.place_s >= before_s - 1e-9
        if not plays:
            assert self.transport.place_s == pytest.approx(before_s)
        self.transport.tick()

    @rule()
    def toggle(self) -> None:
        self.transport.toggle()

    @rule(forward=st.booleans())
    def step(self, forward: bool) -> None:
        before_s = self.transport.place_s
        self.transport.step(forward)
        after_s = self.transport.place_s
        assert after_s >= before_s - 1e-9 if forward else after_s <= before_s + 1e-9

    @rule(at_s=st.floats(-1, 9))
    def seek(self, at_s: float) -> None:
        self.transport.seek(at_s)

    @rule(slowness=st.sampled_from(SPEEDS))
    def slow_down(self, slowness: int) -> None:
        self.transport.set_slowness(slowness)

    @rule()
    def go_live(self) -> None:
        self.transport.go_live()
        assert self.transport.place_s == self.transport.end_s

    @precondition(lambda self: self.record.running)
    @rule()
    def end_the_run(self) -> None:
        now_s = (self.clock.ns - ORIGIN_NS) / SECOND_NS
        end(self.record, now_s)

    @invariant()
    def the_cursor_is_in_the_run(self) -> None:
        transport = self.transport
        assert transport.begin_s - 1e-9 <= transport.place_s <= transport.end_s + 1e-9
        over = transport.cursor_s == math.inf
        assert over == (transport.state == "live" and not self.record.running)


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=30, deadline=None)
