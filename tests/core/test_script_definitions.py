"""Where the functions of a script are, by the names that Python itself gives them."""

from typing import Any

import pytest

from core.script import SyntaxProblem
from core.script.definitions import definition_lines

SCRIPT = """import functools

@functools.cache
def plain(n):
    return n

class Kitchen:
    def cook(self):
        def inner():
            return 1
        return inner

    async def serve(self):
        return lambda: 2

double = lambda n: 2 * n
if True:
    def plain(n): return 2 * n
"""


def test_lines_are_found_by_the_qualified_names_of_python() -> None:
    found = definition_lines(SCRIPT)
    namespace: dict[str, Any] = {}
    exec(SCRIPT, namespace)
    kitchen = namespace["Kitchen"]()
    functions = (namespace["plain"], type(kitchen).cook, kitchen.cook(), type(kitchen).serve)
    for function in (*functions, namespace["double"]):
        assert found[function.__qualname__] == function.__code__.co_firstlineno


def test_a_decorated_function_is_marked_at_its_def() -> None:
    assert definition_lines("@print\ndef work(): pass\n") == {"work": 2}


def test_what_python_cannot_read_has_no_definitions() -> None:
    with pytest.raises(SyntaxProblem):
        definition_lines("def work(:")
