"""Two threads that each add 1 to a shared count, as a model to be stepped by hand.

An increment is three steps: read the count into a copy of the thread's own, add 1 to the copy,
write the copy back. With the lock it is five: acquire before, release after. Nothing here runs a
thread or measures anything: it is what *can* happen, worked out.

How many orders there are: two threads of three steps each make C(6, 3) = 20, the choices of the
three of six moments at which thread 1 is the one to step. An update is lost whenever both read
before one has written, and since reading is the first step and writing the last, only the two
orders survive in which one thread is through before the other begins: 18 of 20 lose one. With the
lock only those two are left.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

Step = Literal["acquire", "read", "add", "write", "release"]
Number = Literal[1, 2]
"""Which of the two threads."""

STEPS: Final[tuple[Step, ...]] = ("read", "add", "write")
LOCKED_STEPS: Final[tuple[Step, ...]] = ("acquire", *STEPS, "release")
NUMBERS: Final[tuple[Number, ...]] = (1, 2)


@dataclass(frozen=True, slots=True)
class Thread:
    """One of the threads.

    Attributes
    ----------
    done : int
        How many of its steps it has made.
    copy : int or None
        What it holds of the count; None before it has read.
    blocked : bool
        Whether it tried to acquire the lock and waits for it.
    """

    done: int = 0
    copy: int | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A moment.

    Attributes
    ----------
    locked : bool
        Whether the threads use the lock.
    holder : int or None
        The thread that holds the lock.
    """

    locked: bool
    count: int = 0
    threads: tuple[Thread, Thread] = (Thread(), Thread())
    holder: Number | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of an increment."""
        return LOCKED_STEPS if self.locked else STEPS

    @property
    def over(self) -> bool:
        """Whether both threads are through."""
        return all(thread.done == len(self.steps) for thread in self.threads)

    @property
    def lost(self) -> int:
        """How many updates are lost, once both are through; 0 before."""
        return len(self.threads) - self.count if self.over else 0

    def thread(self, number: Number) -> Thread:
        """Return a thread."""
        return self.threads[number - 1]

    def next_step(self, number: Number) -> Step | None:
        """Return what a thread does next; None when it is through."""
        done = self.thread(number).done
        return self.steps[done] if done < len(self.steps) else None

    def must_wait(self, number: Number) -> bool:
        """Return whether a thread wants the lock that the other one holds."""
        wants = self.next_step(number) == "acquire"
        return wants and self.holder is not None

    def can_step(self, number: Number) -> bool:
        """Return whether a step of a thread would change anything."""
        if self.must_wait(number):
            return not self.thread(number).blocked
        return self.next_step(number) is not None

    def after(self, number: Number) -> "State":
        """Return the state after a step of a thread; itself if there is none that it can make.

        The try to take a lock that the other one holds is a step too: after it the thread is
        blocked. When the lock is released it is blocked no longer, and can try again.
        """
        thread, step = self.thread(number), self.next_step(number)
        if step is None:
            return self
        if self.must_wait(number):
            return self._with(number, replace(thread, blocked=True))
        stepped = self._with(number, _stepped(thread, step, self.count))
        if step == "write":
            assert thread.copy is not None  # noqa: S101 - it has read before it writes
            return replace(stepped, count=thread.copy)
        if step == "acquire":
            return replace(stepped, holder=number)
        return stepped._released() if step == "release" else stepped

    def _with(self, number: Number, thread: Thread) -> "State":
        first, second = self.threads
        return replace(self, threads=(thread, second) if number == 1 else (first, thread))

    def _released(self) -> "State":
        first, second = (replace(thread, blocked=False) for thread in self.threads)
        return replace(self, holder=None, threads=(first, second))


def _stepped(thread: Thread, step: Step, count: int) -> Thread:
    copy = thread.copy
    if step == "read":
        copy = count
    elif step == "add":
        assert copy is not None  # noqa: S101 - it has read before it adds
        copy += 1
    return Thread(thread.done + 1, copy)


@dataclass(frozen=True, slots=True)
class History:
    """What was stepped so far, for undo.

    Attributes
    ----------
    moves : tuple[int, ...]
        Which thread stepped, move by move.
    states : tuple[State, ...]
        The beginning and the state after each move, so one more than the moves.
    """

    moves: tuple[Number, ...]
    states: tuple[State, ...]

    @classmethod
    def beginning(cls, locked: bool) -> "History":
        """Return the history in which nothing has happened."""
        return cls((), (State(locked),))

    @property
    def now(self) -> State:
        """The newest state."""
        return self.states[-1]

    def stepped(self, number: Number) -> "History":
        """Return the history with one more step; itself if that thread cannot step."""
        if not self.now.can_step(number):
            return self
        return History((*self.moves, number), (*self.states, self.now.after(number)))

    def undone(self) -> "History":
        """Return the history without its last step; itself at the beginning."""
        return History(self.moves[:-1], self.states[:-1]) if self.moves else self

    def steps(self) -> tuple[tuple[Number, Step | None], ...]:
        """Return each move as thread and step; None for a try that blocked."""
        return tuple(
            (number, None if after.thread(number).blocked else before.next_step(number))
            for number, before, after in zip(self.moves, self.states, self.states[1:], strict=False)
        )

    @property
    def overlapped(self) -> bool:
        """Whether one has read while the other had read and not written: one update goes lost."""
        return any(
            before.next_step(number) == "read" and _is_inside(before, other_than(number))
            for number, before in zip(self.moves, self.states, strict=False)
        )

    @property
    def first_writer(self) -> Number | None:
        """The thread that wrote first; None before."""
        return next((number for number, step in self.steps() if step == "write"), None)


def other_than(number: Number) -> Number:
    """Return the other thread."""
    return 2 if number == 1 else 1


def _is_inside(state: State, number: Number) -> bool:
    """Return whether a thread has read and has not written."""
    done, steps = state.thread(number).done, state.steps
    return steps.index("read") < done <= steps.index("write")


@dataclass(frozen=True, slots=True)
class Order:
    """One order in which both threads make all their steps.

    Attributes
    ----------
    moves : tuple[int, ...]
        Which thread steps, move by move.
    count : int
        What the count is in the end.
    lost : int
        How many updates are lost.
    """

    moves: tuple[Number, ...]
    count: int
    lost: int


def all_orders(locked: bool) -> tuple[Order, ...]:
    """Return every order that can happen, those first in which thread 1 steps early."""
    return tuple(_orders((), State(locked)))


def _orders(moves: tuple[Number, ...], state: State) -> Iterator[Order]:
    if state.over:
        yield Order(moves, state.count, state.lost)
    for number in NUMBERS:
        # A thread that has to wait makes no step: what it does next is decided by the other.
        if state.next_step(number) is not None and not state.must_wait(number):
            yield from _orders((*moves, number), state.after(number))
