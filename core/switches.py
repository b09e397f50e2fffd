"""After which instructions a Python may hand over to another thread.

With the GIL a thread hands over only where the interpreter looks at its *eval breaker*. Where that
is depends on the version. The tables are from CPython's sources:

=======  =========================================================================================
3.9      ``Python/ceval.c``: before each instruction that is reached by ``DISPATCH()``, so after
         nearly all, but not after those that end with ``FAST_DISPATCH()``, nor before those that
         open a ``with`` or a ``try`` (``main_loop``)
3.10     ``Python/ceval.c``: where ``CHECK_EVAL_BREAKER()`` stands: calls, jumps back and the
         conditional jumps ``POP_JUMP_IF_...`` if they jump; and at the beginning of a function
3.11     ``Python/ceval.c``: ``CALL``, ``CALL_FUNCTION_EX``, jumps back, ``RESUME``. ``PRECALL``
         alone does not look; what it is specialized to does the work of both, and looks
3.12     ``Python/bytecodes.c``: the same; conditional jumps only go forward from here on
3.13     ``Python/bytecodes.c``: the same, and ``CALL_KW``
=======  =========================================================================================

What a newer Python does has not been looked up: it is taken for like the newest that has been,
and `is_known` says no. The tables are for plain attributes and numbers. An attribute that is a
property, or a number with an ``__add__`` of its own, is a call that no instruction shows. And a
call of ``len``, ``isinstance`` or ``type`` looks at the eval breaker only until it is specialized
(from 3.11 on).

Without the GIL threads run at the same time: there something can happen anywhere.
"""

from typing import Final, Literal, TypeAlias

Reason: TypeAlias = Literal["instruction", "call", "jump", "anywhere"]
"""Why there: every instruction of its kind, a call, a jump, or because there is no GIL."""

NEWEST: Final = (3, 13)
"""The newest version that was looked up."""

_FAST_3_9: Final = frozenset(
    {
        *("NOP", "LOAD_FAST", "LOAD_CONST", "STORE_FAST", "POP_TOP", "LOAD_ASSERTION_ERROR"),
        *("ROT_TWO", "ROT_THREE", "ROT_FOUR", "DUP_TOP", "DUP_TOP_TWO", "EXTENDED_ARG"),
        *("IS_OP", "CONTAINS_OP", "JUMP_FORWARD", "END_ASYNC_FOR"),
        # With True and False, which is what comparisons leave there.
        *("POP_JUMP_IF_FALSE", "POP_JUMP_IF_TRUE", "JUMP_IF_FALSE_OR_POP", "JUMP_IF_TRUE_OR_POP"),
        # These leave the function.
        *("RETURN_VALUE", "YIELD_VALUE", "RAISE_VARARGS", "RERAISE"),
    }
)
_NOT_BEFORE: Final = frozenset({"SETUP_FINALLY", "SETUP_WITH", "BEFORE_ASYNC_WITH", "YIELD_FROM"})
"""Before these 3.9 and 3.10 do not hand over."""

_CALLS_3_10: Final = frozenset(
    {"CALL_FUNCTION", "CALL_FUNCTION_KW", "CALL_FUNCTION_EX", "CALL_METHOD"}
)
_JUMPS_3_10: Final = frozenset({"JUMP_ABSOLUTE", "POP_JUMP_IF_FALSE", "POP_JUMP_IF_TRUE"})

_CALLS: Final = frozenset({"CALL", "CALL_KW", "CALL_FUNCTION_EX"})
_JUMPS: Final = frozenset(
    {
        *("RESUME", "JUMP_BACKWARD", "POP_JUMP_BACKWARD_IF_FALSE", "POP_JUMP_BACKWARD_IF_TRUE"),
        *("POP_JUMP_BACKWARD_IF_NONE", "POP_JUMP_BACKWARD_IF_NOT_NONE"),
    }
)


def is_known(version: tuple[int, int]) -> bool:
    """Return whether it was looked up where that version hands over."""
    return version <= NEWEST


def switch_after(version: tuple[int, int], gil: bool, name: str, following: str) -> Reason | None:
    """Return why a thread may be switched after an instruction; None if it may not.

    Parameters
    ----------
    version
        As in ``(3, 11)``; 3.9 or newer.
    gil
        Whether that Python has the GIL.
    name, following
        The instruction and the one that comes next, as `dis` calls them; empty if none does.
    """
    if not gil:
        return "anywhere"
    if version <= (3, 10) and following in _NOT_BEFORE:
        return None
    if version <= (3, 9):
        return None if name in _FAST_3_9 else "instruction"
    calls, jumps = (_CALLS_3_10, _JUMPS_3_10) if version == (3, 10) else (_CALLS, _JUMPS)
    return "call" if name in calls else "jump" if name in jumps else None
