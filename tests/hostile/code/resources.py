# %% late: a loop without end
while True:
    pass


# %% late: a loop that swallows what interrupts it
while True:
    try:
        while True:
            pass
    except BaseException:
        pass


# %% late: signals are blocked
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGPROF, signal.SIGVTALRM):
    signal.signal(number, signal.SIG_IGN)
while True:
    pass


# %% late: a loop in C
sum(x for x in iter(int, 1))


# %% late: a pattern that takes for ever
import re

re.match(r"(a+)+$", "a" * 40 + "b")


# %% late: a sleep of a day
import time

time.sleep(86_400)


# %% late: a function that hangs when it is asked
def to_tensor(x, dtype=None):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


symlog = symexp = to_tensor


# %% late: output without end
while True:
    print("x" * 1000)


# %% late: a representation without end
class Endless:
    def __repr__(self):
        while True:
            pass


symlog = symexp = to_tensor = lambda x, dtype=None: Endless()
Endless()


# %% harms: memory until there is none
blocks = []
while len(blocks) < 60:
    blocks.append(bytearray(b"x" * 100_000_000))
import time

time.sleep(1)


# %% harms: a disk full of nothing
import tempfile

for folder in (FIELD["scratch"], FIELD["home"], tempfile.gettempdir()):
    try:
        with open(f"{folder}/{FIELD['token']}.bin", "wb") as file:
            for _ in range(600):
                file.write(b"x" * 1_000_000)
    except OSError:
        pass


# %% harms: shared memory that stays
with open(f"/dev/shm/{FIELD['token']}", "wb") as file:
    file.write(b"x" * 1_000_000)


# %% late: a thread that never ends holds the interpreter
import threading


def spin():
    while True:
        pass


for _ in range(100):
    threading.Thread(target=spin).start()


# %% late: a number that takes a day to write down
str(10 ** (10**9))
