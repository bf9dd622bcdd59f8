"""A course as nbgrader sees it: the configuration file and the folders it names."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.script import ScriptDirectory
from nbgrader import api
from nbgrader.converters import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.assignment import CONFIG_FILE
from autograder.usage import UsageError

# nbgrader reads a submission's cells while it makes the submission; with SQLAlchemy 2.1 that warns each time.
warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")


def newest_schema() -> str | None:
    """The revision that a new gradebook gets."""
    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


# nbgrader asks a command for it, which takes seconds and has to be found on the PATH.
api.get_alembic_version = newest_schema


def load_config(root: Path) -> Config:
    """The configuration of a course.

    Raises:
        UsageError: the file cannot be read or fails.
    """
    try:
        return PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
    except Exception as problem:  # it is a program, and may raise anything
        raise UsageError(f"{root / CONFIG_FILE} fails: {type(problem).__name__}: {problem}") from None


def course_directory(config: Config, root: Path, db_url: str | None = None) -> CourseDirectory:
    coursedir = CourseDirectory(config=config)
    coursedir.root = str(root.resolve())
    if db_url is not None:
        coursedir.db_url = db_url
    return coursedir


def shown_url(db_url: str) -> str:
    """A gradebook's address as people may see it."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "that was named"


@contextmanager
def usable(db_url: str) -> Iterator[None]:
    """Says what to do where a gradebook's database cannot be used within it.

    Raises:
        UsageError: it cannot.
    """
    try:
        yield
    except (SQLAlchemyError, ImportError) as problem:
        reason = str(problem).splitlines()[0]
        raise UsageError(f"the gradebook {shown_url(db_url)} cannot be used: {reason}; check --db") from None


def sqlite_file(db_url: str) -> Path | None:
    """The file of a gradebook that is one."""
    try:
        url = make_url(db_url)
    except ArgumentError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


# The line of a traceback that names the exception.
RAISED = re.compile(r"^((?:\w+\.)*[A-Z]\w+: .+)$", re.MULTILINE)


class NbgraderFailed(Exception):
    """The message is the exception that stopped nbgrader, which it tells only in its log."""


def run(converter: BaseConverter) -> None:
    """Runs a converter.

    Raises:
        NbgraderFailed: it did not convert everything.
    """
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    converter.log.addHandler(handler)
    try:
        converter.start()
    except Exception as problem:
        causes = [line for line in RAISED.findall(log.getvalue()) if "NbGraderException" not in line]
        raise NbgraderFailed(causes[-1] if causes else str(problem)) from problem
    finally:
        converter.log.removeHandler(handler)
