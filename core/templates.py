"""Sentences with numbers in them: ``{elapsed_s:seconds} for {tasks:count} tasks``.

A field is a plain name and, after a colon, a format of `core.number_format`. There is no way
from a field into an object, so a template of somebody else's card can show values and nothing
more.
"""

import string
from collections.abc import Iterator, Mapping
from functools import lru_cache

from core.number_format import FORMATS, number
from core.quoting import shortened


class TemplateError(ValueError):
    """A template that cannot be filled in; the text is one sentence."""


def fields_of(template: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the format (empty when there is none) of each field.

    Raises
    ------
    TemplateError
        It is no template of ours.
    """
    for _, name, form in _parts(template):
        if name is not None:
            yield name, form


def fill(template: str, facts: Mapping[str, object], language: str = "en") -> str:
    """Return a template with the facts in it, their units in the language of the template.

    Raises
    ------
    TemplateError
        A fact is not there, or is a text where the format wants a number.
    """
    return "".join(
        text + ("" if name is None else _shown(name, form, facts, language))
        for text, name, form in _parts(template)
    )


@lru_cache(maxsize=500)
def _parts(template: str) -> tuple[tuple[str, str | None, str], ...]:
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as problem:
        raise TemplateError(
            f"'{shortened(template)}' is not a template ({shortened(problem)})."
        ) from problem
    checked: list[tuple[str, str | None, str]] = []
    for text, name, form, conversion in parts:
        if name is not None and (conversion or not name.isidentifier()):
            raise TemplateError(f"'{{{shortened(name)}}}' is more than the name of a fact.")
        if form and form not in FORMATS:
            known = ", ".join(FORMATS)
            raise TemplateError(f"'{shortened(form)}' is not a format; there are {known}.")
        checked.append((text, name, form or ""))
    return tuple(checked)


def _shown(name: str, form: str, facts: Mapping[str, object], language: str) -> str:
    if name not in facts:
        raise TemplateError(f"There is no fact named {shortened(name)}.")
    value = facts[name]
    if isinstance(value, str) and not form:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateError(f"{shortened(name)} is not a number.")
    return FORMATS[form](value, language) if form else number(value)
