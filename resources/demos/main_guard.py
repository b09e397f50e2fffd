import multiprocessing, os
from concurrent import futures
from time import sleep

START_METHOD = "spawn"
WORKERS = 2
TASKS = 4
EXECUTOR = futures.ProcessPoolExecutor

def here():
    return f"process {os.getpid()}"

# Outside of any function: whoever runs or imports this file, says so.
print(f"{here()} runs this file as {__name__}", flush=True)

def square(n):
    sleep(0.2)
    return f"{n} squared is {n * n}, says {here()}"

def main():
    if EXECUTOR is None:
        for n in range(TASKS): print(square(n))
    else:
        multiprocessing.set_start_method(START_METHOD, force=True)
        with EXECUTOR(WORKERS) as executor:
            jobs = [executor.submit(square, n) for n in range(TASKS)]
            for job in jobs: print(job.result())

if __name__ == "__main__": main()  # knob: guard
