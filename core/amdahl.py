"""Amdahl's law: how much more workers can help, when a share of the work is serial.

With a serial share s, n workers are S(n) = 1 / (s + (1 - s) / n) times as fast as one: only the
rest of the work is divided among them. From: Gene Amdahl, "Validity of the single processor
approach to achieving large scale computing capabilities", AFIPS Spring Joint Computer Conference,
1967.
"""

import math
from typing import Final

import numpy as np

from core.columns import FloatArray

FORMULA: Final = "S(n) = 1 / (s + (1 − s) / n)"

_STEPS: Final = 200
_ROUNDS: Final = 4
"""Each round looks at so many values in the neighbourhood of the best: 1e-8 in the end."""


def speedups(workers: FloatArray, serial: float) -> FloatArray:
    """Return the speed-up that the law gives.

    Parameters
    ----------
    workers : shape (n,), each at least 1
    serial
        The share of the work that one worker has to do alone, 0 to 1.
    """
    return 1.0 / (serial + (1.0 - serial) / workers)


def fitted_serial(workers: FloatArray, measured: FloatArray) -> float:
    """Return the serial share with which the law comes nearest to what was measured.

    Nearest is the least sum of squares of the differences in speed-up.

    Parameters
    ----------
    workers : shape (n,)
        Numbers of workers, each at least 1.
    measured : shape (n,)
        Speed-up over one worker; what is not finite is left out.

    Returns
    -------
    0 to 1; NaN without a measurement of two or more workers, which alone depend on it.
    """
    tells = np.isfinite(measured) & (workers > 1)
    workers, measured = workers[tells], measured[tells]
    if not len(workers):
        return math.nan
    low, high = 0.0, 1.0
    best = 0.0
    for _ in range(_ROUNDS):
        shares = np.linspace(low, high, _STEPS + 1)
        curves = 1.0 / (shares + (1.0 - shares) / workers[:, np.newaxis])
        # shape (measurements, shares): with several measurements there may be more than one valley
        errors = ((curves - measured[:, np.newaxis]) ** 2).sum(axis=0)
        best = float(shares[errors.argmin()])
        step = (high - low) / _STEPS
        low, high = max(0.0, best - step), min(1.0, best + step)
    return best
