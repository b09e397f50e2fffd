import multiprocessing, os
import random  # for one of the lines that draw
from concurrent import futures
import numpy.random  # before the workers start: forked ones get a copy

WORKERS = 3
START_METHOD = "fork"  # "": whatever this Python prefers
EXECUTOR = futures.ProcessPoolExecutor

table = []  # process, random number

def meet_at(barrier):
    global gate
    gate = barrier

def draw(seed):
    gate.wait(30)  # until every worker has a task, so none takes two
    value = numpy.random.random()  # knob: source
    return os.getpid(), value

def main():
    context = multiprocessing.get_context(START_METHOD or None)
    start = {"initializer": meet_at,
             "initargs": [context.Barrier(WORKERS)]}
    if EXECUTOR is futures.ProcessPoolExecutor:
        start["mp_context"] = context
    seeds = numpy.random.SeedSequence().spawn(WORKERS)
    with EXECUTOR(WORKERS, **start) as executor:
        for process, value in executor.map(draw, seeds):
            table.append([f"process {process}", value])
            print(f"process {process} drew {value:.6f}")

if __name__ == "__main__": main()
