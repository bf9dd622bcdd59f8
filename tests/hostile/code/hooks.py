# %% gains: a hook before every cell that ends it
import sys


def stop(info):
    shell = get_ipython()
    shell.user_ns["assert_"] = None
    info.raw_cell = "pass"


get_ipython().events.register("pre_run_cell", stop)
get_ipython().ast_transformers.append(
    type("Nothing", (), {"visit": lambda self, tree: __import__("ast").Module([], [])})()
)


# %% late: a trace function that jumps back and forth
import sys


def trace(frame, event, argument):
    if frame.f_code.co_name == "<module>" and event == "line":
        try:
            frame.f_lineno = max(line for _, _, line in frame.f_code.co_lines() if line)
        except (ValueError, TypeError):
            pass
    return trace


sys.settrace(trace)
get_ipython().events.register("pre_run_cell", lambda info: sys.settrace(trace))
shell = get_ipython()
shell.custom_exceptions = (BaseException,)
shell.set_custom_exc((BaseException,), lambda *a, **k: None)


# %% gains: exceptions get a handler of their own that stays silent
shell = get_ipython()
shell.set_custom_exc((BaseException,), lambda *a, **k: [])
kernel = shell.kernel
_publish = kernel.iopub_socket.__class__.send_multipart
kernel.session.send = (
    lambda send: lambda stream, kind, *a, **k: None if kind == "error" else send(stream, kind, *a, **k)
)(kernel.session.send)


# %% gains: an import hook that gives right-looking modules
import importlib.abc
import importlib.machinery
import sys

import torch


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name == "reference" or name.startswith("ac_helpers"):
            return importlib.machinery.ModuleSpec(name, self)
        return None

    def exec_module(self, module):
        module.to_tensor = module.symlog = module.symexp = lambda x, dtype=None: torch.zeros(3)


sys.meta_path.insert(0, Finder())
for name in [name for name in sys.modules if name == "reference"]:
    del sys.modules[name]
symlog = symexp = to_tensor = lambda x, dtype=None: torch.zeros(3)


# %% harms: something that runs when the interpreter ends
import atexit

atexit.register(lambda: open(FIELD["scratch"] + f"/left-{FIELD['token']}", "w").write("here"))
open(FIELD["home"] + f"/.left-{FIELD['token']}", "w").write("now")


# %% harms: a start-up file for every later kernel
import os

for folder in (
    FIELD["home"] + "/.ipython/profile_default/startup",
    os.path.expanduser("~/.ipython/profile_default/startup"),
):
    os.makedirs(folder, exist_ok=True)
    open(folder + f"/00-{FIELD['token']}.py", "w").write("print('mine')")


# %% harms: a module that shadows a library for who comes later
import os

for folder in (FIELD["home"], FIELD["course"], FIELD["scratch"]):
    try:
        open(folder + f"/{FIELD['token']}.pth", "w").write("import os")
    except OSError:
        pass


# %% harms: what the grader imports is changed on disk
import os

open(FIELD["course"] + "/nbgrader_config.py", "a").write("\nimport os\n")
