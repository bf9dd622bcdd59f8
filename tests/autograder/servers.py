"""A real PostgreSQL server and a real Dask cluster, each for one test and gone after it."""

from __future__ import annotations

import contextlib
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

SECONDS = 120


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_program(name: str) -> str | None:
    """Where a program of PostgreSQL's server lies; Debian keeps it out of the path."""
    debians = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(debians[-1]) if debians else None)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        # The server refuses to run as root.
        user = None if os.getuid() else "nobody"
        if user is not None:
            shutil.chown(folder, user)
        data, port = Path(folder) / "data", free_port()
        initdb = [postgres_program("initdb"), "-D", str(data), "-U", "grader", "-A", "trust", "--no-sync"]
        subprocess.run(initdb, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
        options = ["-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", folder, "-F"]
        server = subprocess.Popen(
            [postgres_program("postgres"), *options],
            user=user,
            cwd=folder,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"postgresql://grader:a-secret@127.0.0.1:{port}"
            _wait_for_database(f"{url}/postgres")
            with create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text("create database course"))
            yield f"{url}/course"
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


@contextlib.contextmanager
def dask(workers: int, folder: Path) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler's address, and the processes of its workers; one that is killed is not replaced."""
    address = f"tcp://127.0.0.1:{free_port()}"
    where = ["--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1], "--no-dashboard"]
    common = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
    with (folder / "dask.log").open("ab") as log, contextlib.ExitStack() as stack:

        def start(*arguments: str) -> psutil.Process:
            process = psutil.Popen([sys.executable, "-m", *arguments], stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        start("distributed.cli.dask_scheduler", *where)
        started = [start("distributed.cli.dask_worker", address, *common) for _ in range(workers)]
        with Client(address, timeout=SECONDS, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=SECONDS)
        yield address, started
