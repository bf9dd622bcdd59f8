"""Kernels forked from a warm process: nobody can tell them from cold ones, and nothing of them stays."""

import time
from pathlib import Path

import psutil
import pytest

from autograder import warm
from autograder.kernel import StudentKernel
from autograder.sandbox import is_confined

pytestmark = pytest.mark.skipif(not warm.is_available(), reason="this system cannot fork kernels")


def _printed(kernel, code):
    run = kernel.run(code, seconds=60)
    assert run.error is None, run.error
    return "".join(output.text for output in run.outputs).strip()


def _in_new_kernels(*codes):
    """What each of some kernels prints, one after another."""
    printed = []
    for code in codes:
        with StudentKernel() as kernel:
            printed.append(_printed(kernel, code))
    return printed


def test_a_kernel_is_warm():
    loaded = "import sys; print({'torch', 'gymnasium', 'matplotlib.pyplot'} <= set(sys.modules))"
    assert _in_new_kernels(loaded) == ["True"]


@pytest.mark.parametrize(
    "draw",
    [
        "import random; print(random.random())",
        "import numpy as np; print(np.random.rand())",
        "import torch; print(torch.rand(1).item())",
        "import os; print(os.urandom(4).hex())",
    ],
)
def test_every_kernel_draws_other_numbers(draw):
    first, second = _in_new_kernels(draw, draw)
    assert first != second


def test_nothing_of_a_kernel_is_in_the_next():
    spoil = (
        "import builtins, os, sys, torch, numpy as np\n"
        "builtins.left_behind = 1; os.environ['LEFT_BEHIND'] = '1'; sys.modules['left_behind'] = sys\n"
        "torch.rand = None; np.mean = None; torch.set_default_dtype(torch.float64)\n"
        "open(os.path.expanduser('~/left_behind'), 'w').write('1')\n"
        "print('spoiled')"
    )
    look = (
        "import builtins, os, sys, torch, numpy as np\n"
        "print(hasattr(builtins, 'left_behind'), 'LEFT_BEHIND' in os.environ, 'left_behind' in sys.modules,\n"
        "      torch.rand is None, np.mean is None, torch.get_default_dtype(),\n"
        "      os.path.exists(os.path.expanduser('~/left_behind')), os.listdir('.') )"
    )
    spoiled, seen = _in_new_kernels(spoil, look)
    assert spoiled == "spoiled"
    assert seen.startswith("False False False False False torch.float32 False")


def test_a_warm_kernel_has_the_sockets_of_a_cold_one(monkeypatch):
    """Nothing that leads to the process it was forked from, or to the grader."""
    count = (
        "import os, time\n"
        "time.sleep(1)  # until all that the client has opened is there\n"
        "paths = [f'/proc/self/fd/{number}' for number in os.listdir('/proc/self/fd')]\n"
        "links = [os.readlink(path) for path in paths if os.path.exists(path)]\n"
        "print(sum('socket' in link for link in links))"
    )
    (of_warm,) = _in_new_kernels(count)
    monkeypatch.setattr("autograder.provisioner.is_available", lambda: False)
    (of_cold,) = _in_new_kernels(count)
    assert of_warm == of_cold


def test_the_zygote_has_one_thread():
    """A fork takes only the thread that calls it along; locks that others hold would stay locked."""
    with StudentKernel():
        tasks = Path(f"/proc/{warm.zygote()._process.pid}/task")
        assert len(list(tasks.iterdir())) == 1


SPEND = (
    "import os, threading, time, torch\n"
    "left_open = [open('/dev/null') for _ in range(50)] + [os.pipe() for _ in range(50)]\n"
    "for _ in range(20): threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
    "kept = torch.ones(10_000_000)\n"
    "print('spent')"
)


@pytest.mark.parametrize("sandbox", ["none", "bwrap"])
def test_many_kernels_leave_nothing_in_the_processes_that_stay(sandbox):
    """Neither in the grader nor in the zygote: no open file, no thread, no process, no memory."""
    seen = []
    for number in range(12):
        with StudentKernel(is_confined(sandbox)) as kernel:
            assert _printed(kernel, SPEND) == "spent"
        if number >= 3:  # until then things are still loaded and kept
            seen.append(_held())
    (first, memory_at_first), (last, memory_at_last) = seen[0], seen[-1]
    assert last == first
    assert memory_at_last - memory_at_first < ONE_KERNEL / 4


ONE_KERNEL = 40_000_000
"""Bytes that each of them takes."""


def _held():
    """Open files and threads of the grader and its zygote, with whose children; and the memory of both."""
    both = psutil.Process(), psutil.Process(warm.zygote()._process.pid)
    psutil.wait_procs(both[1].children(), timeout=10)
    held = [(process.num_fds(), process.num_threads()) for process in both]
    memory = sum(process.memory_full_info().uss for process in both)
    return (held, both[1].children()), memory


def test_every_cell_has_a_source_of_its_own():
    with StudentKernel() as kernel:
        for name in ("first", "second"):
            kernel.run(f"def {name}():\n    return 'приве\u0301т, {name}'", seconds=60)
        look = "import inspect; print(*(inspect.getsource(one).split()[-1] for one in (first, second)))"
        assert _printed(kernel, look) == "first' second'"


def test_a_cell_is_transformed_anew_every_time_it_runs():
    """As IPython does it for who has registered a transformation in between."""
    register = "get_ipython().input_transformers_cleanup.append(lambda lines: ['print(2)'])"
    with StudentKernel() as kernel:
        assert _printed(kernel, "print(1)") == "1"
        kernel.run(register, seconds=60)
        assert _printed(kernel, "print(1)") == "2"
        assert _printed(kernel, "print(1)") == "2"


def test_the_folders_are_the_kernels_own():
    where = (
        "import os, tempfile, matplotlib, IPython\n"
        "home = os.path.expanduser('~')\n"
        "print(all(path.startswith(home) for path in "
        "(tempfile.gettempdir(), IPython.paths.get_ipython_dir(), os.environ['MPLCONFIGDIR'])))\n"
        "print(os.getcwd() == home)"
    )
    assert _in_new_kernels(where) == ["True\nTrue"]


def test_a_killed_zygote_is_replaced():
    with StudentKernel() as kernel:
        assert _printed(kernel, "print(1)") == "1"
    zygote = warm.zygote()
    zygote._process.kill()
    zygote._process.wait()
    with StudentKernel() as kernel:
        assert _printed(kernel, "print(2)") == "2"
    assert warm.zygote() is not zygote


def test_a_branch_is_forked_and_outlives_what_it_comes_of(tmp_path):
    zygote = warm.Zygote.spawn()
    branch = warm.Zygote.branch(zygote.folder)
    first = _forked(branch, tmp_path)
    assert first.poll() is None
    zygote.close()
    second = _forked(branch, tmp_path)
    assert second.poll() is None
    branch.close()
    for process in (first, second):
        process.wait()
    with pytest.raises(warm.ZygoteFault, match="nothing to branch from"):
        warm.Zygote.branch(zygote.folder)


def _forked(zygote, folder):
    connection = folder / "connection.json"
    connection.write_text("{}")
    arguments, environment = ["-f", str(connection)], warm.kernel_environment(folder)
    return zygote.fork({"arguments": arguments, "env": environment, "cwd": str(folder)})


def test_the_end_of_the_zygote_is_the_end_of_its_kernels(tmp_path):
    zygote = warm.Zygote.spawn()
    processes = [_forked(zygote, tmp_path) for _ in range(4)]
    folder = zygote.folder
    zygote.close()
    for process in processes:
        process.wait()
        assert not Path(f"/proc/{process.pid}").exists() or _is_zombie(process.pid)
    assert not folder.exists()


def _is_zombie(pid):
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False
