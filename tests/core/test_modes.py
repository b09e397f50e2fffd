"""The registry of modes."""

import pkgutil
from importlib import import_module

import pytest

from core import modes
from core.modes import MODES, Mode, UnknownMode, mode_named


def test_every_module_of_the_package_is_in_the_registry() -> None:
    # Names that begin with an underscore are the package's own furniture.
    names = [found.name for found in pkgutil.iter_modules(modes.__path__) if found.name[0] != "_"]
    assert names
    registered = {mode.name: mode for mode in MODES}
    assert {name: import_module(f"core.modes.{name}").MODE for name in names} == registered


def test_the_modes_stand_in_the_order_of_their_buttons() -> None:
    assert [mode.name for mode in MODES[:3]] == ["sequential", "threads", "processes"]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_a_mode_has_a_label_in_both_languages(mode: Mode) -> None:
    assert set(mode.label) == {"en", "ja"}
    assert all(mode.label.values())


def test_no_two_modes_share_a_name_a_value_or_a_label() -> None:
    tells = [(mode.name, mode.value, mode.label["en"], mode.label["ja"]) for mode in MODES]
    for column in zip(*tells, strict=True):
        assert len(set(column)) == len(MODES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sequential", "None"),
        ("threads", "futures.ThreadPoolExecutor"),
        ("processes", "futures.ProcessPoolExecutor"),
    ],
)
def test_a_mode_is_found_by_its_name(name: str, value: str) -> None:
    assert mode_named(name).value == value


def test_an_unknown_mode_is_refused_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(UnknownMode) as refused:
        mode_named("thread")
    expected = "There is no mode named 'thread'; choose one of sequential, threads, processes"
    assert str(refused.value).startswith(expected)


def test_a_mode_can_be_a_key() -> None:
    assert {mode: mode.name for mode in MODES}[mode_named("threads")] == "threads"
