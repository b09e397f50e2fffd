"""What the chart of the time spent says. No Qt."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

from core import number_format
from core.number_format import count, percent, seconds
from core.recording import Recording
from core.time_spent import SlowTask, Spent, TimeSpent
from core.workforce import NO_LANE
from gui.charts.timeline_text import lane_labels
from gui.charts.words import word

PARTS: Final = tuple(field.removesuffix("_s") for field in Spent._fields)
"""What time goes to, as the words are called: ``time_spent_computing``."""

LEAST_S: Final = 1e-6
"""What is shorter is nothing: the clocks tell no more."""

LEAST_SHARE: Final = 1e-3

LONGEST_ARGUMENT: Final = 60


class Row(NamedTuple):
    """One bar: a worker, or all of them together."""

    label: str
    spent: Spent
    is_total: bool = False


class SlowRow(NamedTuple):
    """One of the slowest tasks, in words."""

    task: str
    worker: str
    lasted: str
    cpu: str

    @classmethod
    def of(cls, recording: Recording, slow: SlowTask, worker: str, language: str) -> Self:
        """Return a task in words."""
        argument = recording.arguments(slow.task) or recording.function_name(slow.task)
        name = word(language, "task_number", number=count(slow.task + 1))
        task = f"{name}: {argument[:LONGEST_ARGUMENT]}" if argument else name
        cpu = seconds(slow.cpu_s, language)
        if cpu == number_format.UNKNOWN:
            cpu = word(language, "time_spent_unknown")
        return cls(task, worker, seconds(slow.lasted_s, language), cpu)


def part_name(part: str, language: str) -> str:
    """Return what people call a part."""
    return word(language, f"time_spent_{part}")


def part_in_full(part: str, language: str, *, is_watched: bool) -> str:
    """Return what a part is called where there is more room: with what it may have been."""
    if part != "blocked":
        return part_name(part, language)
    return word(language, "time_spent_blocked_watched" if is_watched else "time_spent_blocked_long")


def worker_labels(recording: Recording, spent: TimeSpent, language: str) -> dict[int, str]:
    """Return the labels of the workers, by their place in ``spent.workers``."""
    idle = [one.worker for one in spent.workers if one.worker.lane == NO_LANE]
    modes = [_mode(recording, worker.pid) for worker in list(recording.workers)]
    labels = lane_labels(recording, modes, language, idle)
    of_idle = iter(labels[len(modes) :])
    return {
        place: next(of_idle) if one.worker.lane == NO_LANE else labels[one.worker.lane]
        for place, one in enumerate(spent.workers)
    }


def rows_of(spent: TimeSpent, labels: dict[int, str], language: str) -> list[Row]:
    """Return the bars from top to bottom: all workers together, then each as in the timeline."""
    lanes = [one.worker.lane for one in spent.workers]
    places = sorted(range(len(lanes)), key=lambda place: (lanes[place] == NO_LANE, lanes[place]))
    each = [Row(labels[place], spent.workers[place].spent) for place in places]
    if len(each) < 2:
        return each
    everyone = word(language, "time_spent_all", count=count(len(each)))
    return [Row(everyone, spent.total, is_total=True), *each]


def value_of(row: Row, part: int, elapsed_s: float, language: str) -> str:
    """Return what stands at a part of a bar: seconds, of all workers together the share."""
    if row.is_total:
        return share(row.spent[part] / sum(row.spent), language)
    return seconds(row.spent[part], language) if elapsed_s > 0 else ""


def share(value: float, language: str) -> str:
    """Return a share; of one that is nearly nothing not more digits than it has meaning."""
    if 0 < value < LEAST_SHARE:
        return f"< {percent(100 * LEAST_SHARE, language)}"
    return percent(100 * value, language)


def efficiency(spent: TimeSpent, language: str) -> tuple[str, str]:
    """Return the efficiency as a headline, and how it comes about."""
    computing_s, unknown_s = spent.total.computing_s, spent.total.unknown_s
    if unknown_s > LEAST_S >= computing_s:
        key = "time_spent_not_known" if spent.is_over else "time_spent_not_yet"
        return word(language, key), word(language, f"{key}_why")
    key = "time_spent_at_least" if unknown_s > LEAST_S else "time_spent_efficiency"
    headline = word(language, key, value=share(spent.efficiency, language))
    formula = word(
        language,
        "time_spent_formula" if len(spent.workers) > 1 else "time_spent_formula_one",
        cpu=seconds(computing_s, language),
        count=count(len(spent.workers)),
        seconds=seconds(spent.elapsed_s, language),
    )
    return headline, formula


def told(spent: TimeSpent, rows: Sequence[Row], slow: Sequence[SlowRow], language: str) -> str:
    """Return the whole chart in words."""
    lines = [" ".join(efficiency(spent, language))]
    for row in rows:
        parts = [
            f"{part_name(PARTS[place], language)} {value_of(row, place, spent.elapsed_s, language)}"
            for place, value_s in enumerate(row.spent)
            if value_s > LEAST_S
        ]
        lines.append(f"{row.label}: {', '.join(parts)}")
    if slow:
        lines.append(word(language, "time_spent_slowest"))
        lines += [f"{one.task}, {one.worker}, {one.lasted}, CPU {one.cpu}" for one in slow]
    return "\n".join(lines)


def _mode(recording: Recording, pid: int) -> str:
    """Return the mode of a worker: processes join the run by themselves."""
    if any(one.pid == pid and one.role == "worker" for one in list(recording.processes)):
        return "processes"
    return recording.header.mode if recording.header.mode != "processes" else "threads"
