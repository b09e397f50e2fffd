"""Which knob of a script sets the number of its workers."""

import ast
from collections.abc import Iterator

from core.script.rewriting import MODE_KNOB
from core.script.source import parse

_POOLS = ("ThreadPoolExecutor", "ProcessPoolExecutor", "InterpreterPoolExecutor")


def workers_names(text: str) -> tuple[str, ...]:
    """Return the names that executors get as ``max_workers`` and that nothing else uses.

    A name that also says how much there is to do is not among them: with another value the script
    would do other work.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    """
    tree = parse(text).tree
    uses = [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    given = list(_given(tree))
    return tuple(name for name in dict.fromkeys(given) if uses.count(name) == given.count(name))


def _given(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_pool(node.func):
            named = [each.value for each in node.keywords if each.arg == "max_workers"]
            for value in (*node.args[:1], *named):
                if isinstance(value, ast.Name):
                    yield value.id


def _is_pool(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in (*_POOLS, MODE_KNOB)
