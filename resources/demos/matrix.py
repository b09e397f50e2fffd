from concurrent import futures

import numpy as np

TASKS = 8
SIZE = 2_000
WORKERS = 2
EXECUTOR = futures.ThreadPoolExecutor

def multiply(seed):
    random = np.random.default_rng(seed)
    a, b = random.random((2, SIZE, SIZE))
    product = a @ b  # done by compiled code, outside of Python
    return f"product {seed} adds up to {product.sum():,.3f}"

def main():
    if EXECUTOR is None:
        for line in map(multiply, range(TASKS)):
            print(line)
    else:
        with EXECUTOR(WORKERS) as executor:
            for line in executor.map(multiply, range(TASKS)):
                print(line)

if __name__ == "__main__": main()
