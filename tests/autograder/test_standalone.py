import base64
import io
import re
import subprocess
import sys
import sysconfig
import zipfile

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder.solved import solve
from autograder.standalone import standalone
from autograder.usage import UsageError


@pytest.fixture
def notebook(repository):
    return standalone(repository.assignment("actor_critic").pristine)


def setup_cell(notebook):
    return next(cell for cell in notebook.cells if cell.id == "setup")


def archive(notebook):
    packed = re.search(r'AC_HELPERS = """\n(.*?)\n"""', setup_cell(notebook).source, re.DOTALL)[1]
    return zipfile.ZipFile(io.BytesIO(base64.b64decode(packed)))


def test_only_the_set_up_cell_differs(notebook, repository):
    released = repository.assignment("actor_critic").pristine
    changed = [ours.id for ours, theirs in zip(notebook.cells, released.cells, strict=True) if ours != theirs]
    assert changed == ["setup"]
    assert setup_cell(notebook).source.endswith(setup_cell(released).source)


def test_it_carries_the_package_and_no_solution(notebook, repository):
    package = repository.root / "ac_helpers"
    carried = set(archive(notebook).namelist())
    wanted = {
        path.relative_to(repository.root).as_posix()
        for path in package.rglob("*")
        if path.is_file() and not {"reference", "__pycache__"} & set(path.parts)
    }
    assert carried == wanted
    assert "ac_helpers/check.py" in carried


def test_making_it_twice_gives_the_same(notebook, repository):
    assert nbformat.writes(standalone(repository.assignment("actor_critic").pristine)) == nbformat.writes(
        notebook
    )


def test_nbgrader_does_not_take_the_cell_for_tampered_with(notebook):
    cell = setup_cell(notebook)
    assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


WHERE_IT_IS_NOT_INSTALLED = """\
import sys
sys.path.append({site_packages!r})  # the libraries, without the .pth file that makes this checkout importable
for cell in {cells!r}:
    exec(cell, globals())
print("points", check("test_tensor_utils"), sys.modules["ac_helpers"].__file__)
"""


def test_the_notebook_runs_where_the_package_is_not_installed(assignment, tmp_path):
    sources = {cell.id: cell.source for cell in standalone(solve(assignment)).cells}
    cells = [sources[name] for name in ("setup", "setup", "imports", "tensor_utils")]
    script = tmp_path / "cells.py"
    site_packages = sysconfig.get_path("purelib")
    script.write_text(WHERE_IT_IS_NOT_INSTALLED.format(site_packages=site_packages, cells=cells))
    # -I -S: neither the current folder nor what is installed can be seen.
    run = subprocess.run([sys.executable, "-I", "-S", script], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    *_, last = run.stdout.splitlines()
    assert re.fullmatch(r"points 0\.25 .*ac_helpers_\w+/ac_helpers/__init__\.py", last)


def test_without_a_set_up_cell_it_says_so():
    with pytest.raises(UsageError, match="'setup'"):
        standalone(nbformat.v4.new_notebook())
