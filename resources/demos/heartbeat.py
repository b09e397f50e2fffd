from concurrent import futures
from statistics import median
from sys import setswitchinterval
from threading import Event, Thread
from time import perf_counter, sleep

TASKS = 4
N = 5_000_000
SWITCH_MS = 5.0
EXECUTOR = futures.ThreadPoolExecutor
ticks, over = [], Event()

def tick():  # as a window has to, whatever else goes on
    while not (ticks and over.is_set()):
        due = perf_counter() + 0.010
        sleep(0.010)
        now = perf_counter()
        ticks.append((now, 1000 * (now - due)))

def compute(n):
    return sum(i * i for i in range(n))  # knob: work

def main():
    setswitchinterval(SWITCH_MS / 1000)
    ticker = Thread(target=tick, daemon=True); ticker.start()
    if EXECUTOR is None:
        for _ in range(TASKS): print(compute(N))
    else:
        with EXECUTOR(TASKS) as executor:
            for end in executor.map(compute, [N] * TASKS): print(end)
    over.set(); ticker.join()
    late = [late_ms for _, late_ms in ticks]
    print(f"{len(late)} ticks, median {median(late):.1f} ms late")

if __name__ == "__main__": main()
