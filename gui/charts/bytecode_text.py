"""What the chart of the bytecode says. No Qt."""

from core.bytecode import Instruction, LineCode, LineProblem
from core.switches import NEWEST
from gui.charts.words import word


def note(code: LineCode, language: str) -> str:
    """Return what is shown: which line, on which Python."""
    key = "bytecode_note" if code.gil else "bytecode_note_free"
    return word(language, key, line=code.line, python=code.python)


def verdict_sentence(code: LineCode, language: str) -> str:
    """Return what follows for the updates."""
    count, verdict = len(code.switches_between), code.verdict
    key = "between_one" if verdict == "between" and count == 1 else verdict
    return word(language, f"bytecode_{key}", python=code.python, count=count, name=code.watched)


def rule_sentence(code: LineCode, language: str) -> str:
    """Return where this Python may switch threads at all."""
    if not code.known:
        newest = ".".join(map(str, NEWEST))
        return word(language, "bytecode_unknown", python=newest)
    if not code.gil:
        return word(language, "bytecode_rule_free")
    is_old = code.python.startswith("3.9.")
    return word(language, f"bytecode_rule_{'instruction' if is_old else 'call'}")


def does(instruction: Instruction, watched: str, language: str) -> str:
    """Return in plain words what an instruction does; empty if there are none for it."""
    if instruction.role == "other":
        return ""
    argument = instruction.argument.replace("NULL + ", "").replace(" + NULL", "")
    return word(language, f"bytecode_does_{instruction.role}", name=watched, text=argument)


def switch_text(code: LineCode, place: int, language: str) -> str:
    """Return what may happen after the instruction at a place."""
    key = "bytecode_switch" if code.gil else "bytecode_same_time"
    is_between = code.span is not None and place in code.span
    return word(language, f"{key}_between" if is_between else key)


def problem_sentence(problem: LineProblem, knob: str, language: str) -> str:
    """Return why there is no bytecode, and what to do."""
    kind: str = problem.kind
    if kind == "syntax" and problem.line is None:
        kind = "script"
    text = knob if kind == "unmarked" else problem.reason
    return word(language, f"bytecode_problem_{kind}", line=problem.line, text=text)


def spoken(code: LineCode, language: str) -> str:
    """Return everything that is painted, for screen readers."""
    parts = [note(code, language), code.source, verdict_sentence(code, language)]
    for place, each in enumerate(code.instructions):
        words, name = does(each, code.watched, language), f"{each.name} {each.argument}".rstrip()
        parts.append(f"{name}: {words}" if words else name)
        if each.switch is not None:
            parts.append(switch_text(code, place, language))
    return "\n".join(parts)
