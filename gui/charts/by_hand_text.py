"""What the model that is stepped by hand says about itself. No Qt."""

from core.interleavings import History, Number, State, other_than
from gui.charts.words import word


def sentence(history: History, language: str) -> str:
    """Return what has happened, why, and what to try."""
    locked = history.now.locked
    key, values = _locked(history) if locked else _unlocked(history)
    return word(language, key, **values)


def button_text(state: State, number: Number, language: str) -> str:
    """Return what the next step of a thread does."""
    step: str | None = state.next_step(number)
    if state.thread(number).blocked:
        step = "try"
    name = word(language, f"by_hand_{step or 'through'}")
    return word(language, "by_hand_button", number=number, step=name)


def lock_text(state: State, language: str) -> str:
    """Return who has the lock; empty without one."""
    if not state.locked:
        return ""
    if state.holder is None:
        return word(language, "by_hand_lock_free")
    return word(language, "by_hand_lock_held", number=state.holder)


def _unlocked(history: History) -> tuple[str, dict[str, object]]:
    now = history.now
    if not history.moves:
        return "by_hand_begin", {}
    if now.lost:
        return "by_hand_lost", {
            "value": history.states[0].count,
            "copy": now.count,
            "count": now.count,
        }
    if now.over:
        return "by_hand_kept", _first_and_last(history)
    if history.overlapped:
        return "by_hand_doomed", {"value": history.states[0].count}
    return "by_hand_going", {}


def _locked(history: History) -> tuple[str, dict[str, object]]:
    now = history.now
    if now.over:
        return "by_hand_safe", _first_and_last(history)
    if now.holder is None:
        return ("by_hand_free" if history.moves else "by_hand_begin_locked"), {}
    if now.thread(other_than(now.holder)).blocked:
        return "by_hand_blocked", {"first": now.holder, "last": other_than(now.holder)}
    return "by_hand_held", {"number": now.holder}


def _first_and_last(history: History) -> dict[str, object]:
    first = history.first_writer
    assert first is not None  # noqa: S101 - both are through
    return {"first": first, "last": other_than(first)}
