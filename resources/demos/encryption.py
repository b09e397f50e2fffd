from concurrent import futures
from hashlib import pbkdf2_hmac, shake_256

TASKS = 8
WORKERS = 2
ROUNDS = 600_000
EXECUTOR = futures.ThreadPoolExecutor

def derive_in_python(secret, salt):  # mixes bits, as hashing does
    key = int.from_bytes(secret + salt, "big")
    for _ in range(ROUNDS):
        key = (key ^ key >> 97) * 1_000_003 % 2 ** 256
    return key.to_bytes(32, "big")

def cipher(data, key):  # for teaching, not for secrets
    stream = shake_256(key).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream))

def round_trip(hour):
    text, salt = b"Meet me at %d." % hour, b"salt %d" % hour
    key = pbkdf2_hmac("sha256", b"swordfish", salt, ROUNDS)  # knob: key
    hidden = cipher(text, key)
    assert cipher(hidden, key) == text, "the text did not come back"
    return f"{hidden.hex()} means {text.decode()}"

def main():
    if EXECUTOR is None:
        for line in map(round_trip, range(TASKS)):
            print(line)
    else:
        with EXECUTOR(WORKERS) as executor:
            for line in executor.map(round_trip, range(TASKS)):
                print(line)

if __name__ == "__main__": main()
