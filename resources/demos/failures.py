import multiprocessing, os
from concurrent import futures
from time import sleep

TASKS = 6
MAX_WORKERS = 2
TROUBLE = "killed"
PATIENCE = 2.0
EXECUTOR = futures.ProcessPoolExecutor
jobs, errors = [], []

def begin():  # each worker calls it before its first task
    if TROUBLE == "initializer": sleep(0.2); raise OSError("no disk")

def work(number):
    sleep(0.3)
    trouble = TROUBLE if number == 3 else None
    if trouble == "raises": raise ValueError("bad input")
    if trouble == "hangs": sleep(6)
    if trouble != "killed": sleep(0.3); return f"{number} is done"
    if multiprocessing.parent_process(): os._exit(9)
    return "there is no worker process to kill"

def main():
    with EXECUTOR(MAX_WORKERS, initializer=begin) as executor:
        for n in range(TASKS):
            try: jobs.append(executor.submit(work, n + 1))
            except futures.BrokenExecutor as e: print("submit():", e)
        for job in jobs:
            try: print(job.result(timeout=PATIENCE))
            except Exception as e:
                errors.append([jobs.index(job) + 1, type(e).__name__])
                print(f"{errors[-1][0]} raised {e!r}")

if __name__ == "__main__": main()
