"""Programs of the system that some tests cannot do without."""

from __future__ import annotations

import shutil
from pathlib import Path


def postgres_program(name: str) -> str | None:
    """Where a program of PostgreSQL's server lies; Debian keeps it out of the path."""
    debians = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(debians[-1]) if debians else None)
