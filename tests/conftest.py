"""One thread for every worker, and no rooms where there are none to be had."""

import os
import shutil

# Small networks gain nothing from more threads, and workers lose by them.
os.environ["OMP_NUM_THREADS"] = "1"

from autograder.sandbox import VARIABLE, obstacle

if obstacle() is not None:
    os.environ.setdefault(VARIABLE, "none")


def pytest_report_header():
    """Says in what kernels live, and whether pages are opened in a browser."""
    return f"rooms: {obstacle() or 'yes'}; chromium: {'yes' if shutil.which('chromium') else 'none'}"
