import functools, pickle, threading
from concurrent import futures

EXECUTOR = futures.ProcessPoolExecutor
table = {}  # thing: three ticks, its size pickled, what pickle says

class Refused(Exception):
    def __init__(self, code, why): super().__init__(f"{code}: {why}")
def named(): return "done"
def give(name): return things()[name]

def things():
    def nested(): return "done"
    class Local: pass
    return {"named function": named, "nested function": nested,
        "lambda": lambda: 1, "partial": functools.partial(named),
        "bound method": "done".upper, "open file": open(__file__),
        "lock": threading.Lock(), "generator": (n for n in [1]),
        "object of local class": Local(), "exception": Refused(4, "no")}

def crosses(function, *arguments):
    if EXECUTOR is None: return function(*arguments) is not crosses
    with EXECUTOR(1) as pool:  # a new one: the last may have broken
        return not pool.submit(function, *arguments).exception()

def main():
    for name, it in things().items():
        call = it if callable(it) else it.__repr__  # a method holds it
        ticks = crosses(call), crosses(id, it), crosses(give, name)
        size = says = None
        try: raw = pickle.dumps(it); size = len(raw); pickle.loads(raw)
        except Exception as error: says = error
        table[name] = [*ticks, size, says]
        print(name, *table[name], sep=" | ")
if __name__ == "__main__": main()
