"""One thread for every worker, and no rooms where there are none to be had."""

import os
import shutil

# Small networks gain nothing from more threads, and workers lose by them.
os.environ["OMP_NUM_THREADS"] = "1"

from autograder.sandbox import VARIABLE, obstacle
from tests.programs import postgres_program

if obstacle() is not None:
    os.environ.setdefault(VARIABLE, "none")


def pytest_report_header():
    """Says in what kernels live, and which programs are there that some tests cannot do without."""
    found = {"chromium": shutil.which("chromium"), "postgresql": postgres_program("initdb")}
    programs = "; ".join(f"{name}: {'yes' if path else 'none'}" for name, path in found.items())
    return f"rooms: {obstacle() or 'yes'}; {programs}"
