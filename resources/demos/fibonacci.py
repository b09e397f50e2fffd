from concurrent import futures
from math import log10

TASKS = 8
WORKERS = 4
N = 200_000
EXECUTOR = futures.ProcessPoolExecutor

def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a

def describe(number):  # Python refuses to write out so many digits
    digits = int((number.bit_length() - 1) * log10(2)) + 1
    if number >= 10 ** digits:  # this power of 2 begins with one less
        digits += 1
    first = number // 10 ** max(0, digits - 6)
    last = number % 10 ** 6
    return f"{digits:,} digits, from {first} to {last:06}"

def main():
    if EXECUTOR is None:
        for _ in range(TASKS):
            print(describe(fibonacci(N)))
    else:
        with EXECUTOR(WORKERS) as executor:
            jobs = [executor.submit(fibonacci, N) for _ in range(TASKS)]
            for job in futures.as_completed(jobs):
                print(describe(job.result()))

if __name__ == "__main__": main()
