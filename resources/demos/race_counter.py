from concurrent import futures
from threading import Lock
from time import sleep  # for one of the increment lines

THREADS = 2
INCREMENTS = 1_000_000
USE_LOCK = False
EXECUTOR = futures.ThreadPoolExecutor

class Counter:
    count = 0
    def increment(self):
        self.count = sum([self.count, 1])  # knob: increment

counter, lock = Counter(), Lock()

def count_up(worker):
    for _ in range(INCREMENTS):
        if USE_LOCK:
            with lock: counter.increment()
        else:
            counter.increment()
    return f"worker {worker} ended at {counter.count:,}"

def main():
    if EXECUTOR is None:
        for worker in range(THREADS):
            print(count_up(worker))
    else:
        with EXECUTOR(THREADS) as executor:
            for end in executor.map(count_up, range(THREADS)):
                print(end)
    print(f"{counter.count:,} of {THREADS * INCREMENTS:,}")

if __name__ == "__main__": main()
