"""What a script without a card says about itself: its tasks, and whether it has a main()."""

import ast

from core.script.source import parse

_HANDS_OVER = {"submit", "map"}


def task_functions(text: str) -> tuple[str, ...]:
    """Return the module's functions that the script hands to ``.submit(`` or ``.map(``.

    They come in the order of their definitions. In sequential mode, where no executor
    sees them, they are the calls to observe.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    """
    tree = parse(text).tree
    handed_over = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=method), args=[ast.Name(id=name), *_]):
                if method in _HANDS_OVER:
                    handed_over.add(name)
    functions = (
        statement.name
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return tuple(name for name in dict.fromkeys(functions) if name in handed_over)


def has_main(text: str) -> bool:
    """Return whether the module defines a function ``main``.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    """
    body = parse(text).tree.body
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in body)
