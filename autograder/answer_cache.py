"""Answers of the reference and of the known mistakes, kept on disk between runs.

They depend on the seed and on the code that asks and answers, and on nothing else; computing them takes
longer than grading a right notebook. They tell what the hidden questions are, so they lie beside the hidden
seed, and nobody else may read them.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from ac_helpers.asking import Data
from ac_helpers.asking.plain import NotPlain, decode, encode
from ac_helpers.probes.spec import Probe, Question

FOLDER = "answers"

log = logging.getLogger(__name__)


class AnswerCache:
    """A folder with one file for every question; without a folder nothing is kept.

    Args:
        root: the folder for all seeds and versions of the code, None for no cache.
        seed: the seed of the questions.
    """

    def __init__(self, root: Path | None, seed: int) -> None:
        self._folder = None if root is None else _own_folder(root, seed)
        self._known: dict[str, dict[str, Data]] = {}
        self._read_at: dict[str, int] = {}

    def get(self, probe: Probe, question: Question, who: str) -> Data | None:
        """What `who` answered to the question, None if that is not known."""
        return self._answers(probe, question).get(who)

    def put(self, probe: Probe, question: Question, answers: dict[str, Data]) -> None:
        """Keeps answers by who gave them; what came of a lack of time may be another next time."""
        known = self._answers(probe, question)
        known.update({who: answer for who, answer in answers.items() if not _late(answer)})
        path = self._path(probe, question)
        if path is None:
            return
        try:
            encoded = encode(known)
        except NotPlain:
            return
        unfinished = path.with_suffix(f".{os.getpid()}")
        # Whoever grades with another seed or version of the code may have taken the folder away; and answers
        # that cannot be kept, on a full disk say, are known here all the same.
        with contextlib.suppress(OSError):
            unfinished.write_text(encoded, encoding="ascii")
            unfinished.replace(path)
        self._read_at[_key(probe, question)] = _written(path)

    def _answers(self, probe: Probe, question: Question) -> dict[str, Data]:
        """What is known here, with what other processes have found out meanwhile."""
        key, path = _key(probe, question), self._path(probe, question)
        known = self._known.setdefault(key, {})
        written = _written(path)
        if written != self._read_at.get(key, 0):
            self._read_at[key] = written
            known.update(_read(path))
        return known

    def _path(self, probe: Probe, question: Question) -> Path | None:
        return None if self._folder is None else self._folder / f"{_key(probe, question)}.json"


def _key(probe: Probe, question: Question) -> str:
    return f"{probe.id}.{question.id}"


def _written(path: Path | None) -> int:
    """When a file was written last, 0 if there is none."""
    try:
        return 0 if path is None else path.stat().st_mtime_ns
    except OSError:
        return 0


def _late(answer: Data) -> bool:
    return answer.get("raised", {}).get("type") == "OutOfTime"


def _read(path: Path | None) -> dict[str, Data]:
    if path is None or not path.is_file():
        return {}
    try:
        found: Any = decode(path.read_text(encoding="ascii"), limit=None)
    except (NotPlain, OSError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _own_folder(root: Path, seed: int) -> Path | None:
    """The folder for this seed and this code; what was kept for others is of no use any more.

    None where nothing can be kept.
    """
    folder = root / hashlib.sha256(f"{seed}/{_code()}".encode()).hexdigest()[:24]
    try:
        if not folder.is_dir():
            shutil.rmtree(root, ignore_errors=True)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        log.warning("%s cannot be used (%s): right answers are computed anew every time", root, problem)
        return None
    return folder


def _code() -> str:
    """A hash of everything that the answers depend on: our own modules and the libraries that compute."""
    digest = hashlib.sha256()
    for package in ("numpy", "torch"):
        digest.update(metadata.version(package).encode())
    for file in code_files():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def code_files() -> list[Path]:
    """Our own modules that the answers depend on."""
    packages = ("ac_helpers.asking", "ac_helpers.probes", "ac_helpers.reference")
    folders = (Path(str(resources.files(name))) for name in packages)
    return [file for folder in folders for file in sorted(folder.rglob("*.py"))]
