"""A pool of threads in the script's own process."""

from core.modes._mode import Mode

MODE = Mode(
    name="threads",
    value="futures.ThreadPoolExecutor",
    label={"en": "Threads", "ja": "スレッド"},
)
