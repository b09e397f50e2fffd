"""The registry of exports, in the order of their menu.

A new format is one file here and one entry in `EXPORTS`.
"""

from core.exports import csv, json, perfetto, script
from core.exports._export import Export
from core.exports.problems import MOST_BYTES, ExportProblem, NothingToShow, TooLarge

__all__ = [
    "DRAWN",
    "EXPORTS",
    "MOST_BYTES",
    "PICTURES",
    "Export",
    "ExportProblem",
    "NothingToShow",
    "TooLarge",
]

PICTURES: tuple[str, ...] = ("svg", "png")
"""Names of the formats that are charts and nothing else."""

DRAWN: tuple[str, ...] = ("html", *PICTURES)
"""Names of the formats that hold charts: only `gui.drawn_export` makes them, with Qt."""

EXPORTS: tuple[Export, ...] = (script.EXPORT, csv.EXPORT, json.EXPORT, perfetto.EXPORT)
