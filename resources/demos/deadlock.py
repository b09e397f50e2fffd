from concurrent import futures
from threading import Lock
from time import sleep

CASE = "pool"
WORKERS = 2
SAME_ORDER = False
GIVE_UP_S = 4.0  # 0.0: never
EXECUTOR = futures.ThreadPoolExecutor
pool = EXECUTOR and EXECUTOR(WORKERS)
left, right = Lock(), Lock()

def part(number): return f"part {number}"
def whole(number):
    sleep(0.5)
    if not pool: return f"whole of {part(number)}"
    inner = pool.submit(part, number)  # the pool that we run in
    return f"whole of {inner.result(GIVE_UP_S or None)}"

def both(number):
    a, b = (left, right) if number == 1 or SAME_ORDER else (right, left)
    with a:
        sleep(0.5)
        if not b.acquire(timeout=GIVE_UP_S or -1): raise TimeoutError
        b.release()
    return f"task {number} had both locks"

def work(number): return (whole if CASE == "pool" else both)(number)
def main():
    if not pool: print(work(1)); print(work(2)); return
    with pool:
        for end in [pool.submit(work, number) for number in (1, 2)]:
            print(repr(e) if (e := end.exception()) else end.result())

if __name__ == "__main__": main()
