"""Amdahl's law: the serial share is found again, and stays a share whatever was measured."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.amdahl import fitted_serial, speedups

counts = st.lists(st.integers(2, 64), min_size=1, max_size=8, unique=True)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 1.0), counts)
def test_the_serial_share_of_a_curve_is_found_again(serial: float, workers: list[int]) -> None:
    numbers = np.array([1, *workers], dtype=np.float64)
    found = fitted_serial(numbers, speedups(numbers, serial))
    assert found == pytest.approx(serial, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(counts, st.data())
def test_no_other_share_is_nearer(workers: list[int], data: st.DataObject) -> None:
    numbers = np.array(workers, dtype=np.float64)
    some = st.floats(0.05, 100.0)
    measured = np.array([data.draw(some) for _ in workers])
    found = fitted_serial(numbers, measured)
    assert 0.0 <= found <= 1.0
    other = data.draw(st.floats(0.0, 1.0))
    best = ((speedups(numbers, found) - measured) ** 2).sum()
    assert best <= ((speedups(numbers, other) - measured) ** 2).sum() * (1 + 1e-3) + 1e-3


def test_the_ends_of_the_law() -> None:
    numbers = np.array([1.0, 2.0, 8.0])
    assert speedups(numbers, 0.0).tolist() == [1.0, 2.0, 8.0]
    assert speedups(numbers, 1.0).tolist() == [1.0, 1.0, 1.0]
    assert fitted_serial(numbers, np.array([1.0, 3.0, 20.0])) == 0.0  # better than ideal
    assert fitted_serial(numbers, np.array([1.0, 0.8, 0.5])) == 1.0  # slower with more


@pytest.mark.parametrize(
    ("workers", "measured"), [([], []), ([1.0], [1.0]), ([2.0], [math.nan]), ([4.0], [math.inf])]
)
def test_what_tells_nothing_gives_no_share(workers: list[float], measured: list[float]) -> None:
    assert math.isnan(fitted_serial(np.array(workers), np.array(measured)))


def test_a_measurement_that_is_not_known_is_left_out() -> None:
    numbers = np.array([2.0, 4.0, 8.0])
    measured = speedups(numbers, 0.25)
    measured[1] = math.nan
    assert fitted_serial(numbers, measured) == pytest.approx(0.25, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(counts, st.data())
def test_it_is_where_trying_every_share_ends(workers: list[int], data: st.DataObject) -> None:
    numbers = np.array(workers, dtype=np.float64)
    measured = np.array([data.draw(st.floats(0.2, 1.3 * count)) for count in workers])
    shares = np.linspace(0.0, 1.0, 20_001)
    errors = (
        (1 / (shares + (1 - shares) / numbers[:, np.newaxis]) - measured[:, np.newaxis]) ** 2
    ).sum(axis=0)
    found = ((speedups(numbers, fitted_serial(numbers, measured)) - measured) ** 2).sum()
    assert found <= errors.min() * (1 + 1e-6) + 1e-9
