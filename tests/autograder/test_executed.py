import nbformat
import pytest

from autograder.executed import execute
from autograder.usage import UsageError

NOISY = """\
import sys
for i in range(3):
    print("строка", i, flush=True)
    print("progress", file=sys.stderr, flush=True)
"""


def run(folder, *sources):
    cells = [nbformat.v4.new_code_cell(s, id=f"c{i}") for i, s in enumerate(sources)]
    return execute(nbformat.v4.new_notebook(cells=cells), folder, timeout=60)


def test_outputs_are_the_same_every_time(tmp_path):
    sources = (NOISY, "print({'a', 'b', 'c', 'd'})", "1 + 1")
    first, second = run(tmp_path, *sources), run(tmp_path, *sources)
    assert first == second
    noisy, _, value = first.cells
    assert [(output.name, output.text) for output in noisy.outputs] == [
        ("stdout", "строка 0\nстрока 1\nстрока 2\n")
    ]
    assert value.outputs[0].data == {"text/plain": "2"}
    assert all(dict(cell.metadata) == {} for cell in first.cells)


def test_a_failing_cell_is_named_in_one_line(tmp_path):
    with pytest.raises(UsageError, match="cell 'c1' fails: ZeroDivisionError: division by zero"):
        run(tmp_path, "x = 0", "1 / x", "2")
