"""The arrows between the packages point one way, and every module that ships is held to it."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_linter_finds_no_arrow_the_wrong_way():
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_module_that_ships_is_kept_from_the_reference():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = (c for c in settings["contracts"] if c["forbidden_modules"] == ["ac_helpers.reference"])
    present = {f"ac_helpers.{path.stem}" for path in (ROOT / "ac_helpers").iterdir() if _is_module(path)}
    assert present - {"ac_helpers.reference"} == set(contract["source_modules"])


def _is_module(path):
    if path.is_dir():
        return (path / "__init__.py").exists()
    return path.suffix == ".py" and path.stem != "__init__"
