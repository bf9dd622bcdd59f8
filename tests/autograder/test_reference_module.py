import ast

import nbformat
import pytest

from autograder.reference_module import reference_module
from autograder.source import BANNER_BEGIN, BANNER_END


def cell(source, grade_id="x", grade=False, solution=False):
    metadata = {"nbgrader": {"grade_id": grade_id, "grade": grade, "solution": solution}} if grade_id else {}
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def module_of(*cells):
    return reference_module(nbformat.v4.new_notebook(cells=list(cells)), "some_name")


@pytest.mark.parametrize(
    "kept",
    [
        "import numpy as np",
        "def f():\n    return 1",
        "class C:\n    pass",
        "LIMIT = 5",
        "SIZES: tuple = (1, 2)",
        "@property\ndef f():\n    '''Док.'''",
    ],
)
def test_definitions_are_kept(kept):
    assert kept in module_of(cell(kept))


@pytest.mark.parametrize(
    "left_out",
    [
        cell("agent = Agent()"),
        cell("def f():\n    pass\n\n\nf()"),
        cell("if True:\n    import numpy"),
        cell("%matplotlib inline"),
        cell("def check_it():\n    pass", grade=True),
        cell("def own():\n    pass", grade_id=None),
        nbformat.v4.new_markdown_cell(
            "def text(): pass", metadata={"nbgrader": {"grade_id": "t", "grade": False}}
        ),
    ],
    ids=["runs", "defines_and_runs", "set_up", "magic", "test", "without_id", "markdown"],
)
def test_what_is_no_definition_is_left_out(left_out):
    module = module_of(cell("import os"), left_out)
    assert ast.unparse(ast.parse(module)) == "import os"


def test_banners_go_and_the_solution_stays():
    solved = f"def f(x):\n    {BANNER_BEGIN}\n    return x + 1\n    {BANNER_END}"
    module = module_of(cell(solved, solution=True))
    assert "def f(x):\n    return x + 1\n" in module
    assert "###" not in module


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("from ac_helpers import check, hint", ""),
        ("from ac_helpers import check, hint, plotting", "from ac_helpers import plotting"),
        ("from ac_helpers import (\n    check,\n    envs as e,\n)", "from ac_helpers import envs as e"),
        ("from ac_helpers.envs import Corridor", "from ac_helpers.envs import Corridor"),
    ],
)
def test_the_tools_of_the_student_are_not_imported(written, left):
    module = module_of(cell(f"import os\n\n{written}\nimport sys"))
    assert ast.unparse(ast.parse(module)).split("\n") == ["import os", *filter(None, [left]), "import sys"]


def test_it_says_that_it_is_generated():
    first = module_of(cell("import os")).split("\n")[0]
    assert first.startswith("#")
    assert "solutions/some_name/some_name.py" in first
