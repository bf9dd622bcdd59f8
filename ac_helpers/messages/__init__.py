"""The message catalogue: everything that a student reads from this package, by key.

Each language is a set of TOML files here, `ru.toml` and `ru_*.toml`, whose tables grow together, so that an
assignment may have a file of its own. A key is a dotted path into the
tables of its language, `text("plot.return")`; missing keys are an error, so that a forgotten sentence is
found by the tests and not by a student.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib import resources
from typing import Any

DEFAULT_LANGUAGE = "ru"


@cache
def _catalogue(language: str) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        stem = file.name.removesuffix(".toml")
        if stem != file.name and stem.split("_")[0] == language:
            _add(tables, tomllib.loads(file.read_text(encoding="utf-8")))
    if not tables:
        raise LookupError(f"no messages for the language {language!r}")
    return tables


def _add(tables: dict[str, Any], more: dict[str, Any], path: str = "") -> None:
    """Puts entries into tables, and entries of tables that are in both into the same table.

    Raises:
        ValueError: a message is there twice.
    """
    for name, value in more.items():
        there = tables.setdefault(name, value)
        if there is value:
            continue
        if not (isinstance(there, dict) and isinstance(value, dict)):
            raise ValueError(f"the message {path + name!r} is in two files of one language")
        _add(there, value, f"{path}{name}.")


def language() -> str:
    """The language of the messages, from the environment variable AC_LANGUAGE (default: Russian)."""
    return os.environ.get("AC_LANGUAGE", DEFAULT_LANGUAGE)


def entry(key: str) -> Any:
    """The catalogue's entry under a dotted key: a string, a list of strings or a table.

    Raises:
        KeyError: there is no such entry in the current language.
    """
    node: Any = _catalogue(language())
    for part in key.split("."):
        if not isinstance(node, dict) or part not in node:
            raise KeyError(f"no message {key!r} in the language {language()!r}")
        node = node[part]
    return node


def has(key: str) -> bool:
    """Whether the current language has an entry under the key."""
    try:
        entry(key)
    except KeyError:
        return False
    return True


def text(key: str, **values: Any) -> str:
    """The message under a key with its `{placeholders}` filled in.

    Raises:
        KeyError: there is no such message, or a placeholder got no value.
        TypeError: the key names a table or a list.
    """
    message = entry(key)
    if not isinstance(message, str):
        raise TypeError(f"{key!r} is not a single message")
    return message.format(**values) if values else message
