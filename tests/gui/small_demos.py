"""Small demos that run in a moment, and the whole application around them."""

from pathlib import Path

from core.demos import Demo, all_demos

COUNT = """from concurrent import futures
from time import sleep

WORKERS = 2
NUMBERS = 3
LOUD = False
EXECUTOR = futures.ThreadPoolExecutor

def work(number):
    return number * 2  # knob: line

def main():
    if EXECUTOR is None:
        for number in range(NUMBERS):
            print(work(number))
    else:
        with EXECUTOR(WORKERS) as executor:
            for result in executor.map(work, range(NUMBERS)):
                print(result)

if __name__ == "__main__": main()
"""

COUNT_CARD = """
order = 1
modes = ["sequential", "threads"]
default_mode = "threads"
tasks = ["work"]
views = ["comparison", "timeline"]
title = { en = "Doubling numbers", ja = "倍にする" }
summary = { en = "Numbers are doubled.", ja = "数を倍にします。" }

[[knob]]
name = "WORKERS"
kind = "int"
minimum = 1
maximum = 8
label = { en = "Workers", ja = "ワーカー数" }
help = { en = "How many.", ja = "いくつか。" }

[[knob]]
name = "NUMBERS"
kind = "int"
minimum = 0
maximum = 1_000
label = { en = "Numbers", ja = "個数" }
help = { en = "How many.", ja = "いくつか。" }
presets = [{ value = 5, label = { en = "five", ja = "五つ" } }]

[[knob]]
name = "LOUD"
kind = "bool"
label = { en = "Loud", ja = "大声" }
help = { en = "No effect.", ja = "効果なし。" }

[[knob]]
name = "line"
kind = "line"
label = { en = "Line", ja = "行" }
help = { en = "The work.", ja = "仕事の行。" }
alternatives = [
  { name = "double", code = "return number * 2", label = { en = "double", ja = "倍" } },
  { name = "triple", code = "return number * 3", label = { en = "triple", ja = "三倍" } },
]

[[figure]]
name = "figure_s"
mode = "threads"
value = 1.5
unit = "s"
text = { en = "It took {value:seconds}.", ja = "{value:seconds}でした。" }

[[claim]]
name = "threads_double"
en = "Threads double <all> the numbers."
ja = "スレッドは数を倍にする。"
mode = "threads"

[[claim.verdict]]
holds = "yes"
when = 'outcome == "done" and WORKERS == 2'
en = "{tasks:count} < 9 were doubled."
ja = "{tasks:count}個を倍にしました。"

[[claim.verdict]]
holds = "partly"
when = 'outcome == "done" and WORKERS == 3'
en = "{tasks:count} were doubled by three."
ja = "{tasks:count}個を三つで倍にしました。"

[[claim.verdict]]
holds = "no"
when = 'outcome == "failed"'
en = "None were doubled."
ja = "倍になりませんでした。"

[[claim]]
name = "one_by_one"
en = "One after the other takes longer."
ja = "順に行うと時間がかかる。"
mode = "sequential"
before = ["threads"]

[[claim.verdict]]
holds = "no"
when = "threads_s > 0"
en = "Threads took {threads_s:seconds}."
ja = "スレッドは{threads_s:seconds}でした。"

[[explanation]]
part = "result"
when = 'mode == "threads"'
en = "{tasks:count} numbers were doubled by threads."
ja = "{tasks:count}個の数をスレッドが倍にしました。"

[[explanation]]
part = "result"
when = 'mode == "sequential"'
en = "{tasks:count} numbers were doubled one by one."
ja = "{tasks:count}個の数を順に倍にしました。"
"""

FOREVER = """from concurrent import futures
from threading import Event

ITEMS = ["one", "two"]
NAME = "somebody"
EXECUTOR = futures.ThreadPoolExecutor

def wait(item):
    Event().wait()

def main():
    print("begun", flush=True)
    with EXECUTOR(2) as executor:
        list(executor.map(wait, ITEMS))

if __name__ == "__main__": main()
"""

FOREVER_CARD = """
order = 2
modes = ["threads"]
default_mode = "threads"
tasks = ["wait"]
views = ["timeline"]
title = { en = "Waiting for ever", ja = "永遠に待つ" }
summary = { en = "It never ends.", ja = "終わりません。" }

[[knob]]
name = "ITEMS"
kind = "lines"
label = { en = "Items", ja = "項目" }
help = { en = "What to wait for.", ja = "待つもの。" }
presets = [{ value = ["only"], label = { en = "one", ja = "一つ" } }]

[[knob]]
name = "NAME"
kind = "text"
label = { en = "Name", ja = "名前" }
help = { en = "No effect.", ja = "効果なし。" }
"""


def write_small_demos(folder: Path) -> tuple[Demo, ...]:
    """Write the demos into a folder and read them as those of the lab are read."""
    files = {
        "count.py": COUNT,
        "count.toml": COUNT_CARD,
        "forever.py": FOREVER,
        "forever.toml": FOREVER_CARD,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return all_demos(folder)
