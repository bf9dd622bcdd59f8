# %% gains: the kernel ends at once and nothing says no
import os

os._exit(0)


# %% gains: the kernel ends when the first function is called
def to_tensor(x, dtype=None):
    import os

    os._exit(0)


symlog = symexp = to_tensor


# %% gains: a signal that kills
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)


# %% gains: stack overflow in C
import ctypes

ctypes.string_at(0)


# %% gains: errors that the kernel does not tell
shell = get_ipython()
shell.showtraceback = lambda *a, **k: None
shell._showtraceback = lambda *a, **k: None
shell.kernel._send_exec_result = None
_original = shell.run_cell_async


async def run_cell_async(*arguments, **named):
    result = await _original("pass", silent=True, store_history=False)
    return result


shell.run_cell_async = run_cell_async


# %% gains: replies that say ok for whatever was asked
kernel = get_ipython().kernel


async def do_execute(code, silent, *rest, **named):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


kernel.do_execute = do_execute


# %% gains: a transformer that empties all cells that come
shell = get_ipython()
shell.input_transformers_post.append(lambda lines: ["pass\n"])


# %% gains: messages of errors are turned into silence
kernel = get_ipython().kernel
_send = kernel.session.send


def send(stream, msg_or_type, *arguments, **named):
    if msg_or_type == "error":
        return None
    if msg_or_type == "execute_reply" and arguments and isinstance(arguments[0], dict):
        arguments = ({**arguments[0], "status": "ok"}, *arguments[1:])
    return _send(stream, msg_or_type, *arguments, **named)


kernel.session.send = send


# %% harms: the gradebook gets a better grade
import sqlite3

with sqlite3.connect(FIELD["gradebook"]) as gradebook:
    gradebook.execute("create table if not exists grade (student text, score real)")
    gradebook.execute("insert into grade values ('me', 10)")


# %% harms: the neighbour's notebook is emptied
open(FIELD["neighbour"], "w").write("{}")


# %% harms: the released notebook gets other tests
import glob

for path in glob.glob(FIELD["course"] + "/notebooks/**/*.ipynb", recursive=True):
    open(path, "a").write(" ")


# %% gains: an exit that is no error
exit()


# %% gains: the test's own function says yes
import builtins


def check(*arguments, **named):
    print("✓ Всё верно.")


builtins.check = check
get_ipython().run_line_magic = check
shell = get_ipython()
shell.user_ns["check"] = check
shell.ast_transformers.append(type("Yes", (), {"visit": lambda self, tree: __import__("ast").parse("")})())
