"""Fixtures of the lab's tests."""

from __future__ import annotations

import pytest

from tests.pythons import Python, installed_pythons


@pytest.fixture(scope="session")
def newest_python() -> Python:
    """Hand out the newest Python of this machine."""
    return installed_pythons()[-1]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """
    Run a test that asks for `outer_python` on the oldest and on the newest Python.

    Those between are for the slow tests: what differs between versions shows at the ends first.
    """
    if "outer_python" in metafunc.fixturenames:
        pythons = installed_pythons()
        ends = {pythons[0], pythons[-1]}
        metafunc.parametrize(
            "outer_python",
            [
                pytest.param(
                    python, id=python.version, marks=() if python in ends else pytest.mark.slow
                )
                for python in pythons
            ],
        )
