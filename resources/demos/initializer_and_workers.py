import multiprocessing as mp, threading, time
from concurrent import futures

MAX_WORKERS = 6
TASKS = 8
PAUSE_S = 0.3  # between two submissions
USE_INITIALIZER = True
START_METHOD = "spawn"
MAX_TASKS_PER_CHILD = 0  # 0: no limit
EXECUTOR = futures.ThreadPoolExecutor
own = threading.local()  # each worker sees only what it put there

def set_up(what):  # once in each worker, before its first task
    time.sleep(0.4)
    own.tool = f"{what} of worker {threading.get_native_id()}"

def work(n):
    time.sleep(0.3)
    return f"task {n} used {getattr(own, 'tool', 'nothing')}"

def main():
    options = {}
    if USE_INITIALIZER:
        options.update(initializer=set_up, initargs=("connection",))
    if EXECUTOR is futures.ProcessPoolExecutor:
        options["mp_context"] = mp.get_context(START_METHOD)
        if MAX_TASKS_PER_CHILD:
            options["max_tasks_per_child"] = MAX_TASKS_PER_CHILD
    with EXECUTOR(MAX_WORKERS, **options) as executor:
        for n in range(TASKS):
            executor.submit(work, n).add_done_callback(
                lambda job: print(job.result() + "\n", end=""))
            time.sleep(PAUSE_S)

if __name__ == "__main__": main()
