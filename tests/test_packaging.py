"""The files that install the project agree with one another and name no machine."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[a-z,-]+\])?==([0-9][0-9A-Za-z.]*)$")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def pins(lines: list[str]) -> dict[str, str]:
    """Package name, as an index spells it, to version; a line that is not an exact pin fails."""
    found = {}
    for line in lines:
        match = PIN.match(line)
        assert match, f"{line!r} is no exact pin"
        found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[3]
    return found


def lock() -> dict[str, str]:
    return pins((ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("group", ["", *EXTRAS])
def test_lock_holds_what_pyproject_pins(group):
    wanted = pins(EXTRAS[group] if group else PROJECT["dependencies"])
    locked = lock()
    assert wanted.items() <= locked.items(), "run `make lock`"


def test_environment_has_the_same_versions():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert pip[-1] == "-e ."
    assert pins(pip[:-1]) == pins(PROJECT["dependencies"] + EXTRAS["instructor"])


def test_environment_has_a_python_the_project_runs_on():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python = next(e for e in environment["dependencies"] if isinstance(e, str) and e.startswith("python="))
    lowest = PROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, python.split("=")[1].split("."))) >= tuple(map(int, lowest.split(".")))


@pytest.mark.parametrize(
    "name", ["requirements.lock", "environment.yml", "pyproject.toml", "Makefile", ".ci/run", ".gitignore"]
)
def test_no_host_and_no_path_of_a_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file://|find[-]links|index[-]url|--hash", text)
    assert not re.search(r"(?<![\w.$])/(home|root|opt|Users|work)/", text)


def test_ci_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
