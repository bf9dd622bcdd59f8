"""One thread for every worker, and no rooms where there are none to be had."""

import os

# Small networks gain nothing from more threads, and workers lose by them.
os.environ["OMP_NUM_THREADS"] = "1"

from autograder.sandbox import VARIABLE, obstacle

if obstacle() is not None:
    os.environ.setdefault(VARIABLE, "none")


def pytest_report_header():
    """Says in what kernels live."""
    return f"rooms: {obstacle() or 'yes'}"
