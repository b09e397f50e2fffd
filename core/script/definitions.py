"""Where the functions of a script are defined."""

import ast

from core.script.source import parse

_LOCALS = "<locals>."
_LAMBDA = "<lambda>"


def definition_lines(text: str) -> dict[str, int]:
    """Return the line (from 1) of each function's ``def``, by its qualified name.

    Of several functions with one name it is the last: the one that a call finds. Lambdas are
    known by the first of their name, for nobody can tell which of them ran.

    Raises
    ------
    SyntaxProblem
        The text is not a Python script.
    """
    found: dict[str, int] = {}
    _collect(parse(text).tree, "", found)
    return found


def _collect(node: ast.AST, prefix: str, found: dict[str, int]) -> None:
    for child in ast.iter_child_nodes(node):
        inside = prefix
        match child:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[prefix + name] = child.lineno
                inside = f"{prefix}{name}.{_LOCALS}"
            case ast.Lambda():
                found.setdefault(prefix + _LAMBDA, child.lineno)
                inside = f"{prefix}{_LAMBDA}.{_LOCALS}"
            case ast.ClassDef(name=name):
                inside = f"{prefix}{name}."
        _collect(child, inside, found)
