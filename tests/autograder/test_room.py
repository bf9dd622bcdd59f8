"""What code in a room can reach and use up: nothing of the host, and no more than its limits.

Each attack of the first table is shown to work in a kernel that has no room, so that no case is empty.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from autograder import provisioner, warm
from autograder.kernel import KernelFault, StudentKernel
from autograder.room import MEBI, Limits, NoRoom, Room, _system
from autograder.sandbox import obstacle

pytestmark = pytest.mark.skipif(obstacle() is not None, reason=f"there are no rooms here: {obstacle()}")

ROOT = Path(__file__).parents[2]
SECRET = "the answer is 42"


def _said(kernel, code, seconds=20):
    run = kernel.run(code, seconds)
    assert run.error is None, run.error
    return "".join(output.text for output in run.outputs).strip()


def _in_a_room(code, seconds=20):
    with StudentKernel(confined=True) as kernel:
        return _said(kernel, code, seconds)


def _in_no_room(code):
    with StudentKernel() as kernel:
        return _said(kernel, code)


def _attempt(code):
    """A cell that says "done" with what its last expression gave, or "failed"."""
    *before, last = code.splitlines()
    body = "\n".join(f"    {line}" for line in (*before, f"print('done', {last})"))
    failed = "    print('failed', type(error).__name__)"
    return f"import os, socket\ntry:\n{body}\nexcept Exception as error:\n{failed}"


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "neighbour" / "actor_critic.ipynb"
    path.parent.mkdir()
    path.write_text(SECRET, encoding="utf-8")
    return path


READS = {
    "a neighbour's notebook": "open({secret!r}).read()",
    "the solutions": f"os.listdir({str(ROOT / 'solutions')!r})",
    "the grader": f"os.listdir({str(ROOT / 'autograder')!r})[0]",
    "the reference": f"open({str(ROOT / 'ac_helpers/reference/actor_critic.py')!r}).read(1)",
    "the reference, imported": "__import__('importlib').import_module('ac_helpers.reference.actor_critic')",
    "what judges": f"open({str(ROOT / 'ac_helpers/probes/test_td_loss.py')!r}).read(1)",
    "what judges, imported": "__import__('importlib').import_module('ac_helpers.probes.test_td_loss').PROBE",
    "the frozen answers": f"open({str(ROOT / 'ac_helpers/frozen/test_td_loss.json')!r}).read(1)",
    "what another process knows": "open('/proc/{pid}/cmdline').read(5)",
    "a folder of the host, written": "open({folder!r} + '/left_behind', 'w').write('1')",
}


@pytest.mark.parametrize("attack", READS.values(), ids=READS.keys())
def test_nothing_of_the_host_can_be_reached(attack, secret_file):
    code = _attempt(attack.format(secret=str(secret_file), pid=os.getpid(), folder=str(secret_file.parent)))
    assert _in_no_room(code).startswith("done")
    assert _in_a_room(code).startswith("failed")


@contextmanager
def _listening(family, address):
    """A listener of the host; yields the list of those who came."""
    came = []
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind(address)
        listener.listen()
        listener.settimeout(30)

        def accept():
            try:
                while True:
                    connection, _ = listener.accept()
                    came.append(connection.recv(16))
                    connection.close()
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname(), came
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize("kind", ["TCP", "Unix", "abstract"])
def test_nobody_outside_can_be_told_anything(kind, tmp_path):
    family = socket.AF_INET if kind == "TCP" else socket.AF_UNIX
    address = {"TCP": ("127.0.0.1", 0), "Unix": str(tmp_path / "s"), "abstract": f"\0{tmp_path}"}[kind]
    with _listening(family, address) as (where, came):
        code = _attempt(
            f"s = socket.socket({int(family)})\ns.settimeout(3)\ns.connect({where!r})\ns.send(b'secret')"
        )
        assert _in_a_room(code).startswith("failed")
        assert came == []
        assert _in_no_room(code).startswith("done")
    assert came == [b"secret"]


def test_a_link_in_place_of_a_socket_leads_the_grader_nowhere(tmp_path):
    with _listening(socket.AF_UNIX, str(tmp_path / "s")) as (where, came):
        tmp_path.chmod(0o777)
        exchange = (
            "import glob, os, socket\n"
            "paths = glob.glob('/run/kernel/*-*')\n"
            f"for path in paths:\n    os.unlink(path)\n    os.symlink({where!r}, path)\n"
            "for number in os.listdir('/proc/self/fd'):\n"
            "    try:\n"
            "        connection = socket.socket(fileno=os.dup(int(number)))\n"
            "        if connection.getsockname() in paths:\n"
            "            connection.shutdown(socket.SHUT_RDWR)\n"
            "    except OSError:\n"
            "        pass\n"
        )
        with StudentKernel(confined=True) as kernel:
            assert kernel.run("1", 20).status == "ok"
            assert kernel.run(exchange, 3).status in ("timeout", "dead")
        assert came == []


def test_the_environment_tells_nothing(monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", SECRET)
    told = _in_a_room("import os; print(dict(os.environ), open('/proc/self/environ').read())")
    assert SECRET not in told


FORBIDDEN = {
    "unshare": "(0x10000000,)",
    "ptrace": "(16, 1, 0, 0)",
    "mount": "(b'x', b'/tmp', b'tmpfs', 0, 0)",
    "setns": "(0, 0)",
    "chroot": "(b'/tmp',)",
    "sethostname": "(b'x', 1)",
    "memfd_create": "(b'x', 0)",
    "shmget": "(0, 4096, 0o600)",
}


def test_exotic_system_calls_are_not_permitted():
    code = "import ctypes, errno\nc = ctypes.CDLL(None, use_errno=True)\n" + "\n".join(
        f"print({name!r}, getattr(c, {name!r})(*{arguments}), ctypes.get_errno() == errno.EPERM)"
        for name, arguments in FORBIDDEN.items()
    )
    assert _in_a_room(code).splitlines() == [f"{name} -1 True" for name in FORBIDDEN]


def test_it_has_no_rights_and_cannot_get_any():
    code = (
        "lines = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines() "
        "if ':\\t' in line)\n"
        "print({lines[f'Cap{kind}'] for kind in ('Inh', 'Prm', 'Eff', 'Bnd', 'Amb')}, lines['NoNewPrivs'], "
        "lines['Seccomp'])"
    )
    assert _in_a_room(code) == "{'0000000000000000'} 1 2"


def test_it_is_not_the_superuser_outside():
    with StudentKernel(confined=True) as kernel:
        process = psutil.Process(kernel._manager.provisioner.process.pid)
        assert process.uids().real != 0
        assert _said(kernel, "import os; print(os.getuid(), os.getgid())") == "1000 1000"


def test_what_it_writes_is_limited_and_gone_with_it(monkeypatch):
    monkeypatch.setattr(provisioner.RoomProvisioner, "limits", Limits(disk=8 * MEBI, file_size=4 * MEBI))
    fill = (
        "import os\n"
        "def fill(folder):\n"
        "    written = 0\n"
        "    try:\n"
        "        for number in range(100):\n"
        "            with open(f'{folder}/{number}', 'wb', buffering=0) as file:\n"
        "                while True:\n"
        "                    written += file.write(bytes(1 << 20))\n"
        "                    if file.tell() >= 3 << 20:\n"
        "                        break\n"
        "    except OSError:\n"
        "        return written >> 20\n"
        "print([fill(folder) for folder in ('/tmp', '/dev/shm', os.path.expanduser('~'))])"
    )
    sizes = _in_a_room(fill)
    assert all(0 < size <= 8 for size in eval(sizes)), sizes
    too_large = "open('/tmp/large', 'wb').write(bytes(5 << 20))"
    assert _in_a_room(_attempt(too_large)).startswith("failed")
    left = "import os; print([os.path.exists(f'{folder}/0') for folder in ('/tmp', '/dev/shm', '.')])"
    assert _in_a_room(left) == "[False, False, False]"
    for place in ("/", "/usr", "/dev", "/home", str(ROOT / "ac_helpers")):
        assert _in_a_room(_attempt(f"open({place!r} + '/x', 'w')")).startswith("failed"), place


def test_everything_in_it_ends_with_it():
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(1000)\n"
        "    os._exit(0)\n"
        "os.wait(); time.sleep(0.2); print('started')"
    )
    with StudentKernel(confined=True) as kernel:
        assert _said(kernel, daemon) == "started"
        room = kernel._manager.provisioner.room
        inside = list(room._all())
        assert len(inside) >= 4  # the room's two, the kernel, the daemon
    assert _alive_in_the_end(inside) == []


def _alive_in_the_end(processes):
    """Those that do not end; the last of them may end a moment after the process that held the room."""
    _, left = psutil.wait_procs(processes, timeout=60)
    return [process for process in left if process.is_running() and process.status() != "zombie"]


@pytest.mark.parametrize(
    "greedy",
    {
        "one process": "x = []\nwhile True:\n    x.append(b'x' * (1 << 24))",
        "many processes": (
            "import os, time\n"
            "for _ in range(30):\n"
            "    if os.fork() == 0:\n"
            "        x = b'x' * (1 << 26)\n"
            "        time.sleep(60)\n"
            "time.sleep(60)"
        ),
    }.values(),
    ids=["one process", "many processes"],
)
def test_who_takes_too_much_memory_is_ended(greedy, monkeypatch):
    monkeypatch.setattr(provisioner.RoomProvisioner, "limits", Limits(memory=1024 * MEBI))
    started = time.monotonic()
    with StudentKernel(confined=True) as kernel:
        assert kernel.run(greedy, 60).status == "dead"
        assert not kernel.running
        kernel.replace()
        assert _said(kernel, "print(1)") == "1"
    assert time.monotonic() - started < 50


def test_a_fork_bomb_costs_its_own_cell():
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    started = time.monotonic()
    with StudentKernel(confined=True) as kernel:
        assert kernel.run(bomb, 3).status in ("dead", "timeout")
        kernel.replace()
        assert _said(kernel, "print(1)") == "1"
    assert time.monotonic() - started < 60


def test_forks_that_share_their_memory_are_no_waste():
    code = (
        "import os, time\n"
        "for _ in range(20):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(60)\n"
        "time.sleep(3)\n"
        "print('there')"
    )
    assert _in_a_room(code) == "there"


def test_there_are_only_so_many_processes(monkeypatch):
    monkeypatch.setattr(provisioner.RoomProvisioner, "limits", Limits(processes=20))
    code = (
        "import subprocess\n"
        "started = []\n"
        "try:\n"
        "    while len(started) < 60:\n"
        "        started.append(subprocess.Popen(['sleep', '60']))\n"
        "except OSError:\n"
        "    pass\n"
        "print(0 < len(started) < 20)"
    )
    assert _in_a_room(code) == "True"


NONSENSE = {
    "no signature": "k.iopub_socket.send_multipart([b'a', b'<IDS|MSG>', b'bad', b'{', b'{', b'[', b'{'])",
    "too deep": (
        "parts = [b'{}', b'{}', b'{}', b'[' * 100_000 + b']' * 100_000]\n"
        "k.iopub_socket.send_multipart([b'a', b'<IDS|MSG>', k.session.sign(parts), *parts])"
    ),
    "too large": "k.iopub_socket.send_multipart([bytes(100_000_000)])",
    "no object": (
        "parts = [b'7', b'[]', b'null', b'\"x\"']\n"
        "k.iopub_socket.send_multipart([b'a', b'<IDS|MSG>', k.session.sign(parts), *parts])"
    ),
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_who_says_what_nobody_can_read_is_ended(nonsense):
    code = (
        f"from IPython import get_ipython\nk = get_ipython().kernel\n{nonsense}\nimport time; time.sleep(20)"
    )
    with StudentKernel(confined=True) as kernel:
        assert kernel.run(code, 10).status in ("dead", "timeout")
        if not kernel.running:
            kernel.start()
        assert _said(kernel, "print(1)") == "1"


def test_fields_that_hold_anything_are_borne():
    code = (
        "from IPython import get_ipython\n"
        "k = get_ipython().kernel\n"
        "for kind in ('stream', 'error', 'display_data', 'status'):\n"
        "    for content in ({}, {'name': 1, 'text': [2], 'data': 3, 'ename': {}, 'traceback': [None]}):\n"
        "        k.session.send(k.iopub_socket, kind, content, parent=k.get_parent('shell'))\n"
        "print('said')"
    )
    with StudentKernel(confined=True) as kernel:
        kernel.run(code, 10)
        assert _said(kernel, "print(1)") == "1"


def test_the_end_of_the_grader_is_the_end_of_the_room():
    room = Room(Limits())
    inside = list(room._all())
    room._bwrap.stdin.close()  # as it is closed when this process is no more
    room._bwrap.wait(10)
    assert inside
    assert _alive_in_the_end(inside) == []
    room.close()


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
def test_an_environment_may_lie_where_rooms_have_folders_of_their_own(monkeypatch, place):
    with tempfile.TemporaryDirectory(dir=place) as folder:
        packages = Path(folder, "site-packages")
        packages.mkdir(mode=0o755)
        Path(folder).chmod(0o755)
        (packages / "only_here.py").write_text("FOUND = 'found'", encoding="utf-8")
        monkeypatch.setattr("sys.path", [*sys.path, str(packages)])
        _system.cache_clear()
        look = f"import sys; sys.path.append({str(packages)!r}); import only_here; print(only_here.FOUND)"
        try:
            assert _in_a_room(look) == "found"
            assert _in_a_room(_attempt(f"open({str(packages)!r} + '/x', 'w')")).startswith("failed")
        finally:
            _system.cache_clear()


def test_a_room_that_nobody_moves_into_is_closed(monkeypatch):
    def fails(request, room):
        raise warm.ZygoteFault("no kernel could be forked")

    rooms = []
    monkeypatch.setattr(provisioner, "Room", lambda limits: rooms.append(Room(limits)) or rooms[-1])
    monkeypatch.setattr(provisioner, "fork", fails)
    with pytest.raises(KernelFault, match="no kernel could be forked"), StudentKernel(confined=True):
        pass
    assert rooms[0]._bwrap.poll() is not None


def test_a_room_that_cannot_be_made_says_why(monkeypatch):
    monkeypatch.setattr("autograder.room.PROGRAM", "no-such-program")
    with pytest.raises(NoRoom, match="no-such-program: No such file"):
        Room(Limits())
    monkeypatch.setattr("autograder.room._system", lambda: ("--ro-bind", "/no/such/folder", "/usr"))
    monkeypatch.setattr("autograder.room.PROGRAM", "bwrap")
    with pytest.raises(NoRoom, match="/no/such/folder"):
        Room(Limits())
