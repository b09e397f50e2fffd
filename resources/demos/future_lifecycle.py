from concurrent import futures
from threading import current_thread
from time import perf_counter, sleep

TASKS = 8
MAX_WORKERS = 2
SECONDS = 1.5
EXECUTOR = futures.ThreadPoolExecutor
callbacks = []  # what was called, and in which thread

def work(number):
    sleep(SECONDS)
    if number == 2: raise ValueError("2 is not allowed")
    return number * number

def outcome(job, timeout=None):
    try: return f"result() returned {job.result(timeout)}"
    except Exception as error: return f"result() raised {error!r}"

def called(job):
    callbacks.append([outcome(job), current_thread().name])

def main():
    global submitting_s
    with EXECUTOR(MAX_WORKERS) as executor:
        begun = perf_counter()
        jobs = [executor.submit(work, n + 1) for n in range(TASKS)]
        submitting_s = perf_counter() - begun
        first, last = jobs[0], jobs[-1]
        sleep(SECONDS / 2)  # main does something else meanwhile
        print("cancel():", first.cancel(), last.cancel())  # knob: then
        for n, job in enumerate(jobs): print(f"{n + 1}: {outcome(job)}")
    for call, name in callbacks: print(f"callback in {name}: {call}")

if __name__ == "__main__": main()
