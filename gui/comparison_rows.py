"""The rows of the comparison: one a mode, for the work that the script as it stands does."""

import math

from core.card import SCRIPT_MODE
from core.comparison import ModeResult
from core.explain import figures_about
from core.recording import Recording
from gui.charts import ComparisonRow
from gui.session import Session
from gui.telling import mode_label
from gui.texts import Texts


def comparison_rows(session: Session, ghost: Recording | None, texts: Texts) -> list[ComparisonRow]:
    """Return a row for each mode that the script can be in.

    Parameters
    ----------
    session : Session
        Has the script and the finished runs.
    ghost : Recording or None
        The pinned run, if another one is shown.
    texts : Texts
        The names of the modes.
    """
    results = session.comparison.modes_of(session.workload)
    modes = session.script.modes or (SCRIPT_MODE,)
    labels = {mode: mode_label(mode, texts) for mode in modes}
    return [_row(session, mode, labels[mode], results.get(mode), ghost) for mode in modes]


def _row(
    session: Session, mode: str, label: str, result: ModeResult | None, ghost: Recording | None
) -> ComparisonRow:
    return ComparisonRow(
        mode=mode,
        label=label,
        median_s=result.median_s if result else None,
        runs_s=tuple(run.elapsed_s for run in result.runs) if result else (),
        speedup=result.speedup if result else None,
        figure_s=_figure_s(session, mode),
        current=mode == (session.script.mode or SCRIPT_MODE),
        pinned_s=_pinned_s(ghost, mode),
    )


def _figure_s(session: Session, mode: str) -> float | None:
    """Return the tutorial's seconds, if it did the work that the script does as it stands."""
    figures = figures_about(session.script.demo.card, mode, session.script.values)
    return next((figure.value for figure in figures if figure.unit == "s"), None)


def _pinned_s(ghost: Recording | None, mode: str) -> float | None:
    """Return the time of the pinned run if it was in that mode."""
    if ghost is None or ghost.header.mode != mode or math.isnan(ghost.elapsed_s):
        return None
    return ghost.elapsed_s
