"""A script as text: its knobs, its mode, its tasks. Text in, text out; nothing here runs it.

The parser is that of the Python the lab itself runs on.
"""

from core.script.errors import BadKnobValue, ScriptError, SyntaxProblem, UnknownKnob
from core.script.knobs import KnobKind, ScriptKnob, find_knobs
from core.script.parsing import parse_value
from core.script.rewriting import MODE_KNOB, changed_lines, mode_of, set_knob, set_mode
from core.script.source import is_long
from core.script.tasks import has_main, task_functions
from core.script.values import DottedName, KnobValue
from core.script.workers import workers_names

__all__ = [
    "MODE_KNOB",
    "BadKnobValue",
    "DottedName",
    "KnobKind",
    "KnobValue",
    "ScriptError",
    "ScriptKnob",
    "SyntaxProblem",
    "UnknownKnob",
    "changed_lines",
    "find_knobs",
    "has_main",
    "is_long",
    "mode_of",
    "parse_value",
    "set_knob",
    "set_mode",
    "task_functions",
    "workers_names",
]
