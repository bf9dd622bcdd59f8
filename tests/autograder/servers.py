"""A real PostgreSQL server and a real Dask cluster, each for one test and gone after it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from distributed import Client
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.programs import postgres_program

SECONDS = 120


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        # The server refuses to run as root.
        user = None if os.getuid() else "nobody"
        if user is not None:
            shutil.chown(folder, user)
        data = Path(folder) / "data"
        initdb = [postgres_program("initdb"), "-D", str(data), "-U", "grader", "-A", "trust", "--no-sync"]
        subprocess.run(initdb, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
        # By a socket in the folder, which nobody else can have taken.
        options = ["-D", str(data), "-c", "listen_addresses=", "-k", folder, "-F"]
        server = subprocess.Popen(
            [postgres_program("postgres"), *options],
            user=user,
            cwd=folder,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"postgresql://grader:a-secret@/{{}}?host={folder}"
            _wait_for_database(url.format("postgres"))
            with create_engine(url.format("postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text("create database course"))
            yield url.format("course")
        finally:
            server.send_signal(signal.SIGINT)  # at once, without waiting for who is connected
            server.wait()


def _wait_for_database(url: str) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            create_engine(url).connect().close()
            return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _told(file: Path) -> str:
    """The address that a scheduler has written into a file."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return json.loads(file.read_text(encoding="utf-8"))["address"]
        time.sleep(0.1)
    raise TimeoutError(f"no scheduler has written {file}")


@contextlib.contextmanager
def dask(workers: int, folder: Path) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler's address, and the processes of its workers; one that is killed is not replaced."""
    file = folder / "scheduler.json"
    where = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    common = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
    with (folder / "dask.log").open("ab") as log, contextlib.ExitStack() as stack:

        def start(*arguments: str) -> psutil.Process:
            process = psutil.Popen([sys.executable, "-m", *arguments], stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        file.unlink(missing_ok=True)
        start("distributed.cli.dask_scheduler", *where)
        address = _told(file)
        started = [start("distributed.cli.dask_worker", address, *common) for _ in range(workers)]
        with Client(address, timeout=SECONDS, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=SECONDS)
        yield address, started
