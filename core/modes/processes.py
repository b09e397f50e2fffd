"""A pool of worker processes, each with its own interpreter and memory."""

from core.modes._mode import Mode

MODE = Mode(
    name="processes",
    value="futures.ProcessPoolExecutor",
    label={"en": "Processes", "ja": "プロセス"},
)
