"""Run the benchmark, or the parts that are named on the command line."""

import sys

from rich.console import Console
from rich.table import Table

from tests.bench import activity, faithful, growth, recordings, replay, smooth, start, watching

PARTS = {
    "faithful": faithful,
    "smooth": smooth,
    "replay": replay,
    "recordings": recordings,
    "activity": activity,
    "growth": growth,
    "start": start,
    "watching": watching,
}


def main(names: list[str]) -> int:
    """Measure the named parts (all when none is named) and print the table."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"No part named {', '.join(unknown)}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    console = Console(highlight=False)
    table = Table("what", "measured", "limit", "", "made of", box=None)
    for name in names or PARTS:
        with console.status(f"measuring: {name}"):
            for figure in PARTS[name].figures():
                limit = "" if figure.limit is None else f"{figure.limit:g}"
                measured = f"{figure.value:.3g} {figure.unit}"
                table.add_row(figure.name, measured, limit, figure.verdict, figure.note)
                console.print(f"{figure.name}: {measured} {figure.verdict}", style="dim")
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
