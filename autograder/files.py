"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Whoever reads it meanwhile, or after this process was killed, finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Names of files are limited, and that of this one may be as long as they can be.
    known_by = sha256(os.fsencode(path.name)).hexdigest()[:16]
    unfinished = path.with_name(f".{known_by}.unfinished")
    unfinished.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    try:
        os.replace(unfinished, path)
    except FileNotFoundError:
        # Somebody else was writing the same file, and has put this one into its place.
        if not path.is_file():
            raise
