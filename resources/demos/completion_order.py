from concurrent import futures
from time import sleep

MENU = ["stew 1.4", "tea 0.2", "rice 1.1", "egg 0.5", "soup 0.8"]
HOW = "as_completed"
MAX_WORKERS = 5
EXECUTOR = futures.ThreadPoolExecutor

def cook(order):
    dish, seconds, *mishap = order.split()
    sleep(float(seconds))
    if mishap: raise ValueError(f"{dish} {mishap[0]}")
    return dish

def result_of(job):
    try: return job.result()
    except ValueError as error: return f"{error}!"

def serve(dishes):
    for dish in dishes:
        serve.nones += dish is None  # did result() give None?
        print(dish)
serve.nones = 0
def main():
    if EXECUTOR is None: return serve(map(cook, MENU))
    with EXECUTOR(MAX_WORKERS) as executor:
        if HOW == "map": return serve(executor.map(cook, MENU))
        jobs = [executor.submit(cook, order) for order in MENU]
        if HOW == "as_completed": jobs = futures.as_completed(jobs)
        while jobs and HOW.isupper():  # ALL_COMPLETED, FIRST_...
            done, jobs = futures.wait(jobs, return_when=HOW)
            serve(map(result_of, done))
        serve(map(result_of, jobs))

if __name__ == "__main__": main()
