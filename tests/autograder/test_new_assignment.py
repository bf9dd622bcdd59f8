"""The page that says how an assignment is added, followed word by word in a copy of the repository."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from ac_helpers.probes import ASSIGNMENTS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^\*\*`(?P<path>[^`]+)`\*\*\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = {".git", ".venv", ".autograder", "node_modules"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The repository with the page's files in it, but for other assignments' sources: they take long."""
    root = tmp_path_factory.mktemp("repository") / "copy"
    shutil.copytree(ROOT, root, ignore=lambda _, names: LEFT_OUT.intersection(names))
    for name in ASSIGNMENTS:
        shutil.rmtree(root / "solutions" / name)
    blocks = dict(BLOCK.findall((root / "docs" / "new-assignment.md").read_text(encoding="utf-8")))
    listed = blocks.pop("ASSIGNMENTS")
    probes = root / "ac_helpers" / "probes" / "__init__.py"
    opening = "ASSIGNMENTS: dict[str, tuple[str, ...]] = {\n"
    probes.write_text(probes.read_text(encoding="utf-8").replace(opening, opening + listed), encoding="utf-8")
    for path, text in blocks.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    environment_of(root)
    run(root, "-m", "autograder", "build")
    return root


def environment_of(root):
    """An environment in which the packages are the copy's, and all else is this one's."""
    venv.create(root / ".venv", with_pip=False)
    here = sysconfig.get_path("purelib")
    there = sysconfig.get_path("purelib", vars={"base": str(root / ".venv")})
    Path(there, "copy.pth").write_text(f"{root}\n{here}\n", encoding="utf-8")


def run(root, *command):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [root / ".venv" / "bin" / "python", *command],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("folder", "score"), [("solutions", 1.0), ("notebooks", 0.0)])
def test_it_is_graded(copy, folder, score):
    verdict = json.loads(
        run(copy, "-m", "autograder", "check", f"{folder}/smoothing/smoothing.ipynb", "--json", "-")
    )
    assert (verdict["assignment"], verdict["score"], verdict["max_score"]) == ("smoothing", score, 1.0)


def test_its_corpus_is_judged_as_it_says(copy):
    said = run(copy, "-m", "bench.fairness", "--assignment", "smoothing")
    assert "3 notebooks" in said
    assert "UNNAMED" not in said


def test_its_mistakes_and_sentences_pass_the_tests_of_all_assignments(copy):
    run(
        copy,
        *("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", "smooth and not right_versions"),
        *("tests/ac_helpers/test_every_probe.py", "tests/ac_helpers/test_messages.py"),
    )


def test_its_files_are_as_the_linters_want_them(copy):
    run(copy, "-m", "ruff", "check", "ac_helpers")
    run(copy, "-m", "mypy")
