"""Submissions of every shape become the released notebook with the student's code in it."""

import ast
import copy
import itertools
import json
import os
import time

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import Assignment, grade_id, is_solution, is_test
from autograder.cells import read_code
from autograder.rebuild import UnreadableSubmission, read_submission, rebuild
from autograder.solved import solve
from tests.autograder.handing_in import NAME

SYMLOG = "def to_tensor(x):\n    return x\n\ndef symlog(x):\n    return x\n\ndef symexp(x):\n    return x"


@pytest.fixture
def released(assignment):
    return nbformat.from_dict(json.loads(json.dumps(assignment.pristine)))


def cell_of(notebook, wanted):
    return next(cell for cell in notebook.cells if grade_id(cell) == wanted)


def position(notebook, wanted):
    return next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == wanted)


def rebuilt_source(submitted, assignment, wanted="tensor_utils"):
    return cell_of(rebuild(submitted, assignment).notebook, wanted).source


def test_an_untouched_release_is_rebuilt_as_it_was(assignment, released):
    rebuilt = rebuild(released, assignment)
    assert [cell.source for cell in rebuilt.notebook.cells] == [
        cell.source for cell in assignment.pristine.cells
    ]
    assert rebuilt.blank == {grade_id(cell) for cell in released.cells if is_solution(cell)}


def test_a_solution_is_put_in_its_place_and_rebuilding_again_changes_nothing(assignment, released):
    cell_of(released, "tensor_utils").source = SYMLOG
    once = rebuild(released, assignment)
    assert cell_of(once.notebook, "tensor_utils").source == SYMLOG
    assert "tensor_utils" not in once.blank
    twice = rebuild(once.notebook, assignment)
    assert [cell.source for cell in twice.notebook.cells] == [cell.source for cell in once.notebook.cells]


def test_nothing_but_code_is_taken(assignment, released):
    solution, test = cell_of(released, "tensor_utils"), cell_of(released, "test_tensor_utils")
    solution.source = SYMLOG
    solution.outputs = [nbformat.v4.new_output("stream", text="forged")]
    solution.metadata.tags = ["skip-execution"]
    solution.metadata.nbgrader.points = 100
    test.source, test.metadata.nbgrader.points = "3.0", 1000
    released.metadata.kernelspec = {"name": "bash"}
    rebuilt = rebuild(released, assignment).notebook
    for found in ("tensor_utils", "test_tensor_utils"):
        assert cell_of(rebuilt, found).metadata == cell_of(assignment.pristine, found).metadata
    assert cell_of(rebuilt, "tensor_utils").outputs == []
    assert (
        cell_of(rebuilt, "test_tensor_utils").source
        == cell_of(assignment.pristine, "test_tensor_utils").source
    )
    assert rebuilt.metadata == assignment.pristine.metadata


def test_a_solution_whose_id_is_lost_is_found_by_what_it_defines(assignment, released):
    solution = cell_of(released, "tensor_utils")
    solution.source, solution.metadata = SYMLOG, {}
    assert rebuilt_source(released, assignment) == SYMLOG


def test_a_notebook_without_any_metadata_is_rebuilt_by_names(assignment, released):
    cell_of(released, "tensor_utils").source = SYMLOG
    for cell in released.cells:
        cell.metadata = {}
    rebuilt = rebuild(released, assignment).notebook
    assert cell_of(rebuilt, "tensor_utils").source == SYMLOG
    assert len(rebuilt.cells) == len(assignment.pristine.cells)


def test_of_several_copies_the_last_counts(assignment, released):
    copy = nbformat.from_dict(json.loads(json.dumps(cell_of(released, "tensor_utils"))))
    copy.source = SYMLOG
    released.cells.append(copy)
    assert rebuilt_source(released, assignment) == SYMLOG


def test_a_deleted_or_emptied_solution_is_blank(assignment, released):
    cell_of(released, "eps_greedy").source = "  \n"
    released.cells = [cell for cell in released.cells if grade_id(cell) != "tensor_utils"]
    rebuilt = rebuild(released, assignment)
    assert {"eps_greedy", "tensor_utils"} <= rebuilt.blank
    assert cell_of(rebuilt.notebook, "tensor_utils").source == ""


def test_deleted_test_cells_come_back(assignment, released):
    released.cells = [cell for cell in released.cells if not is_test(cell)]
    rebuilt = rebuild(released, assignment).notebook
    assert [grade_id(c) for c in rebuilt.cells if is_test(c)] == [
        grade_id(c) for c in assignment.pristine.cells if is_test(c)
    ]


def test_own_cells_stay_where_they_were(assignment, released):
    released.cells.insert(0, nbformat.v4.new_code_cell("first = 1"))
    released.cells.insert(position(released, "tensor_utils") + 1, nbformat.v4.new_code_cell("mine = 2"))
    rebuilt = rebuild(released, assignment).notebook
    assert rebuilt.cells[0].source == "first = 1"
    assert rebuilt.cells[position(rebuilt, "tensor_utils") + 1].source == "mine = 2"


def test_own_markdown_and_empty_cells_stay_behind(assignment, released):
    released.cells.insert(3, nbformat.v4.new_markdown_cell("<script>"))
    released.cells.insert(3, nbformat.v4.new_code_cell(" "))
    assert len(rebuild(released, assignment).notebook.cells) == len(assignment.pristine.cells)


def test_a_given_cell_that_was_changed_runs_after_the_pristine_one(assignment, released):
    """Colab lets students add an import to a locked cell; their solution needs it."""
    imports = cell_of(released, "imports")
    imports.source += "\nfrom torch.distributions import Categorical"
    rebuilt = rebuild(released, assignment).notebook
    at = position(rebuilt, "imports")
    assert rebuilt.cells[at].source == cell_of(assignment.pristine, "imports").source
    assert rebuilt.cells[at + 1].source == imports.source


def test_solutions_that_were_moved_stand_in_the_released_order(assignment, released):
    cell_of(released, "tensor_utils").source = SYMLOG
    released.cells.reverse()
    rebuilt = rebuild(released, assignment).notebook
    assert [grade_id(c) for c in rebuilt.cells if grade_id(c)] == [
        grade_id(c) for c in assignment.pristine.cells if grade_id(c)
    ]
    assert cell_of(rebuilt, "tensor_utils").source == SYMLOG


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    return 1\nclass C(object): pass", {"f", "C"}),
        ("def f(x):\n    return (1\nclass C:\n", {"f", "C"}),
        ("%matplotlib inline\ndef f(): pass", {"f"}),
        ("f = 3", {"f"}),
        ("f, (g, h) = a, b\nC: int = 3\nD: int", {"f", "C"}),
        ("f = g = lambda x: x\nx.y = z[0] = 1", {"f", "g"}),
        ("import a.b\nfrom c import d as e, sample_batch", {"a", "e", "sample_batch"}),
        ("async def f():\n    g = 1\n@once\ndef h(): pass", {"f", "h"}),
        ("class C:\n    def method(self):\n        pass", {"C"}),
        ("try:\n    from a import f\nexcept ImportError:\n    def f(): pass\nif f:\n    g = 1", {"f", "g"}),
        ("%%time\ndef f(): pass", {"f"}),
        ("%%bash\ndef f(): pass", set()),
        ("!pip install x\nf = !ls\n%timeit g = 2\ndef h():\n    %time k = 1", {"f", "h"}),
        ("    def f():\n        pass\n    g = 1", {"f", "g"}),
        ("async def f(:\n  class C:", {"f"}),
        ("\x00", set()),
        ("\ud800 = 1", set()),
    ],
)
def test_names_are_found_even_in_broken_code(source, names):
    assert set(read_code(source).meaning) == names


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        ("hello", "not JSON"),
        ("[1, 2]", "without nbformat"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": [', "not JSON"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "no code cells"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}', "damaged"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 7}', "damaged"),
        ('{"nbformat": 97}', "damaged"),
        ("[" * 200_000, "not JSON"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, content, reason):
    path = tmp_path / "work.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSubmission) as refused:
        read_submission(path)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_a_folder_and_bytes_are_refused(tmp_path):
    (tmp_path / "bytes.ipynb").write_bytes(b"\xff\xfe\x00\x9f")
    for path in (tmp_path / "no.ipynb", tmp_path, tmp_path / "bytes.ipynb"):
        with pytest.raises(UnreadableSubmission):
            read_submission(path)


def test_more_code_than_anybody_writes_is_refused_and_pasted_data_is_not(tmp_path, assignment):
    notebook = copy.deepcopy(assignment.pristine)
    notebook.cells.append(nbformat.v4.new_code_cell(f"picture = '{'A' * 5_000_000}'"))
    assert read(tmp_path, notebook).cells[-1].source == notebook.cells[-1].source
    notebook.cells += [nbformat.v4.new_code_cell("x = 1\n" * 30_000) for _ in range(6)]
    with pytest.raises(UnreadableSubmission, match=r"characters of code, more than 1000000: hand in"):
        read(tmp_path, notebook)


def test_what_never_ends_is_not_read(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "zeros.ipynb").symlink_to("/dev/zero")
    for name in ("pipe.ipynb", "zeros.ipynb"):
        with pytest.raises(UnreadableSubmission, match="no ordinary file"):
            read_submission(tmp_path / name)
    (tmp_path / "big.ipynb").write_bytes(b" " * 3_000_000)
    monkeypatch.setattr("autograder.rebuild.LARGEST", 2 * 2**20)
    with pytest.raises(UnreadableSubmission, match="has 2 MB, more than 2: clear its outputs"):
        read_submission(tmp_path / "big.ipynb")


def test_colabs_format_without_ids_is_read(tmp_path, assignment):
    old = json.loads(json.dumps(assignment.pristine))
    old["nbformat_minor"] = 0
    for cell in old["cells"]:
        del cell["id"]
        cell["source"] = cell["source"].splitlines(keepends=True)
    (tmp_path / "colab.ipynb").write_text("\ufeff" + json.dumps(old), encoding="utf-8")
    read = read_submission(tmp_path / "colab.ipynb")
    assert [cell.source for cell in read.cells] == [cell.source for cell in assignment.pristine.cells]


@pytest.mark.parametrize(
    "deep", ["f = " + "(" * 100_000, "f = " + "-" * 100_000 + "1", "def f(): pass\n" * 100_000]
)
def test_names_of_a_deep_or_long_cell_are_looked_for_in_vain_or_found(deep):
    assert set(read_code(deep).meaning) <= {"f"}


def test_a_cell_of_ten_megabytes_and_thousands_of_cells_take_seconds(assignment, solved):
    cell_of(solved, "sample_batch").source += "\nx = 1" * 2_000_000
    magics = nbformat.v4.new_code_cell("%time x\n" * 3_000)
    copied = [copy.deepcopy(cell_of(solved, "eps_greedy")) for _ in range(2_000)]
    solved.cells += [magics, *copied, *(nbformat.v4.new_code_cell(f"x{n} = {n}") for n in range(2_000))]
    started = time.monotonic()
    rebuilt = rebuild(solved, assignment)
    assert time.monotonic() - started < 60
    assert not rebuilt.blank


# --- what happens to solution cells ---

SOLUTIONS = ("tensor_utils", "eps_greedy", "sample_batch", "actor_critic_model", "actor_critic_agent")
WRONG = "def sample_batch(replay_buffer, n_samples):\n    return 17"


@pytest.fixture(scope="module")
def answers(repository):
    """The solved notebook, not to be changed: making it takes a while."""
    return solve(repository.assignment(NAME))


@pytest.fixture
def solved(answers):
    return copy.deepcopy(answers)


def meaning_at_the_test(notebook, solution):
    """What names stand for when the test of a solution comes, by the text of all that runs before."""
    start = position(notebook, solution)
    test = next(i for i, cell in enumerate(notebook.cells) if i > start and is_test(cell))
    meaning = {}
    for cell in notebook.cells[:test]:
        if cell.cell_type == "code":
            meaning |= read_code(cell.source).meaning
    return meaning


@pytest.fixture
def is_right(assignment, answers):
    """Whether these solutions (all, if none is named) get rebuilt to what the solved notebook has in them."""

    def is_right(submitted, *solutions):
        rebuilt = rebuild(submitted, assignment).notebook
        again = rebuild(rebuilt, assignment).notebook
        assert [cell.source for cell in again.cells] == [cell.source for cell in rebuilt.cells]
        return all(
            read_code(cell_of(answers, solution).source).meaning.items()
            <= meaning_at_the_test(rebuilt, solution).items()
            for solution in solutions or SOLUTIONS
        )

    return is_right


def code(source, **metadata):
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def under_the_id_of(notebook, wanted, source):
    return code(source, nbgrader=dict(cell_of(notebook, wanted).metadata.nbgrader))


def insert(notebook, at, *cells):
    notebook.cells[at:at] = cells


def take_out(notebook, wanted):
    return notebook.cells.pop(position(notebook, wanted))


def own_sources(notebook):
    return [cell.source for cell in notebook.cells if cell.metadata.get("autograder", {}).get("own")]


def strip_ids(notebook):
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()


def test_a_solved_notebook_is_right_and_a_released_one_is_not(is_right, released, solved):
    assert is_right(solved)
    assert not any(is_right(released, solution) for solution in SOLUTIONS)


def test_all_ids_may_be_lost(is_right, assignment, released, solved):
    strip_ids(solved)
    strip_ids(released)
    assert is_right(solved)
    assert own_sources(rebuild(solved, assignment).notebook) == []
    assert rebuild(released, assignment).blank == set(SOLUTIONS)


def test_of_copies_without_ids_the_last_counts(is_right, assignment, solved):
    right = take_out(solved, "sample_batch").source
    solved.cells += [code(WRONG), code(right)]
    assert is_right(solved)
    assert own_sources(rebuild(solved, assignment).notebook) == []
    solved.cells.append(code(WRONG))
    assert rebuilt_source(solved, assignment, "sample_batch") == WRONG


def test_a_copy_of_the_stub_without_an_id_replaces_nothing(is_right, assignment, released, solved):
    stub = cell_of(released, "sample_batch").source
    solved.cells.append(code(stub))
    insert(solved, position(solved, "sample_batch") + 1, code(stub))
    assert is_right(solved)
    assert own_sources(rebuild(solved, assignment).notebook) == []


def test_the_last_copy_under_an_id_counts_even_if_it_is_wrong_or_a_stub(assignment, released, solved):
    solved.cells.append(under_the_id_of(solved, "sample_batch", WRONG))
    assert rebuilt_source(solved, assignment, "sample_batch") == WRONG
    solved.cells.append(cell_of(released, "sample_batch"))
    assert rebuild(solved, assignment).blank == {"sample_batch"}


def test_an_emptied_copy_is_no_copy(is_right, solved):
    solved.cells.append(under_the_id_of(solved, "sample_batch", "\n "))
    assert is_right(solved)


def test_what_else_a_replaced_copy_defines_is_there_for_the_one_that_counts(is_right, assignment, solved):
    draft = under_the_id_of(solved, "sample_batch", "HELPER = 3\n" + WRONG)
    insert(solved, position(solved, "sample_batch"), draft)
    rebuilt = rebuild(solved, assignment).notebook
    assert is_right(solved)
    assert rebuilt.cells[position(rebuilt, "sample_batch") - 1].source == draft.source


def test_code_under_the_id_that_defines_nothing_required_is_an_own_cell(is_right, assignment, solved):
    """As when a cell is split and the new half is used for something else."""
    scratch = under_the_id_of(solved, "sample_batch", "while True: pass")
    insert(solved, position(solved, "sample_batch") + 1, scratch)
    assert is_right(solved)
    assert own_sources(rebuild(solved, assignment).notebook) == ["while True: pass"]


def test_code_pasted_crosswise_is_found_by_its_names(is_right, solved):
    one, other = cell_of(solved, "eps_greedy"), cell_of(solved, "actor_critic_agent")
    one.source, other.source = other.source, one.source
    assert is_right(solved)


def test_a_misspelt_name_stays_misspelt(is_right, assignment, solved):
    cell_of(solved, "sample_batch").source = "def sample_bach(replay_buffer, n_samples):\n    return 1"
    assert rebuilt_source(solved, assignment, "sample_batch").startswith("def sample_bach")
    assert not is_right(solved, "sample_batch")


@pytest.mark.parametrize("keeps", ["eps_greedy", "actor_critic_agent", None])
def test_merged_solutions_stand_where_each_of_them_is_needed(is_right, assignment, solved, keeps):
    merged = "\n\n".join(cell_of(solved, wanted).source for wanted in ("eps_greedy", "actor_critic_agent"))
    if keeps:
        cell_of(solved, keeps).source = merged
    else:
        solved.cells.append(code(merged))
    for wanted in {"eps_greedy", "actor_critic_agent"} - {keeps}:
        take_out(solved, wanted)
    assert is_right(solved)
    assert not rebuild(solved, assignment).blank


@pytest.mark.parametrize("where", ["above", "below", "end", "top"])
def test_an_own_cell_counts_where_the_stub_was_left(is_right, assignment, released, solved, where):
    for wanted in ("tensor_utils", "actor_critic_model"):
        at = position(released, wanted)
        place = {"above": at, "below": at + 1, "end": len(released.cells), "top": 0}[where]
        insert(released, place, code(cell_of(solved, wanted).source))
    assert is_right(released, "tensor_utils", "actor_critic_model")
    assert rebuild(released, assignment).blank == {"eps_greedy", "sample_batch", "actor_critic_agent"}


def test_an_own_cell_further_down_does_not_count_where_the_cell_is_filled(is_right, assignment, solved):
    right = cell_of(solved, "sample_batch").source
    solved.cells.append(code(WRONG))
    assert is_right(solved)
    cell_of(solved, "sample_batch").source, solved.cells[-1].source = WRONG, right
    assert rebuilt_source(solved, assignment, "sample_batch") == WRONG


def test_functions_of_one_cell_may_be_filled_in_different_places(is_right, assignment, released, solved):
    head, _, tail = cell_of(solved, "tensor_utils").source.partition("def symlog")
    stub = cell_of(released, "tensor_utils")
    stub.source = head + "def symlog" + stub.source.partition("def symlog")[2]
    released.cells.append(code("def symlog" + tail))
    assert is_right(released, "tensor_utils")
    released.cells[-1].source = "def to_tensor(x):\n    return 0\n\ndef symlog" + tail
    assert "return 0" not in rebuilt_source(released, assignment)


def test_what_is_moved_up_brings_the_own_cells_that_it_needs(assignment, released):
    released.cells += [
        code("import time\nn = 1"),
        code("from math import floor as down"),
        code("def helper(x):\n    return down(x)"),
        code("def sample_batch(replay_buffer, n_samples):\n    n = helper(n_samples)\n    return n"),
    ]
    rebuilt = rebuild(released, assignment).notebook
    at = position(rebuilt, "sample_batch")
    assert "helper(n_samples)" in rebuilt.cells[at].source
    assert [cell.source for cell in rebuilt.cells[at - 2 : at]] == [
        cell.source for cell in released.cells[-3:-1]
    ]
    assert own_sources(rebuilt).count("import time\nn = 1") == 1


def test_a_solution_moved_to_the_top_still_gives_its_imports_to_earlier_ones(assignment, solved):
    moved = take_out(solved, "actor_critic_agent")
    moved.source = "import math\n\n" + moved.source
    solved.cells.insert(0, moved)
    rebuilt = rebuild(solved, assignment).notebook
    assert rebuilt.cells[0].source == cell_of(rebuilt, "actor_critic_agent").source == moved.source


def test_cells_under_ids_of_tests_and_texts_are_own_cells(is_right, assignment, solved):
    stolen = [under_the_id_of(solved, found, f"mine_{found} = 1") for found in ("test_td_loss", "sources")]
    insert(solved, position(solved, "imports") + 1, *stolen)
    rebuilt = rebuild(solved, assignment).notebook
    at = position(rebuilt, "imports")
    assert [cell.source for cell in rebuilt.cells[at + 1 : at + 3]] == [cell.source for cell in stolen]
    assert is_right(solved)


def test_a_copy_of_a_given_cell_with_other_code_stays_where_it_is(assignment, solved):
    other = under_the_id_of(solved, "imports", "import math")
    insert(solved, position(solved, "sample_batch"), other)
    rebuilt = rebuild(solved, assignment).notebook
    assert rebuilt.cells[position(rebuilt, "sample_batch") - 1].source == "import math"


def test_a_part_with_a_cell_magic_is_not_put_behind_other_code(is_right, assignment, solved):
    head, _, tail = cell_of(solved, "tensor_utils").source.partition("def symlog")
    cell_of(solved, "tensor_utils").source = head
    part = under_the_id_of(solved, "tensor_utils", "%%time\ndef symlog" + tail)
    insert(solved, position(solved, "tensor_utils") + 1, part)
    assert rebuilt_source(solved, assignment).startswith("%%time")
    assert is_right(solved)


def test_a_notebook_with_nothing_but_tests_is_still_recognised(assignment, solved):
    solved.cells = [cell for cell in solved.cells if is_test(cell)]
    assert assignment.shared_with(solved) == 9
    assert rebuild(solved, assignment).blank == set(SOLUTIONS)


def test_names_are_looked_for_where_the_ids_do_not_say_it_alone(assignment, solved, monkeypatch):
    """All ids of one assignment and none of another one say it; cells pasted from another one do not."""
    course = assignment.course
    other = course.assignment("gaussian_actor_critic").pristine
    looked = []
    shared_with = Assignment.shared_with
    monkeypatch.setattr(
        Assignment, "shared_with", lambda one, nb: looked.append(one.name) or shared_with(one, nb)
    )
    assert course.recognise(solved).name == assignment.name
    assert looked == []
    solved.cells.append(copy.deepcopy(next(cell for cell in other.cells if is_test(cell))))
    assert course.recognise(solved).name == assignment.name
    assert looked == ["actor_critic", "gaussian_actor_critic"]
    looked.clear()
    del solved.cells[position(solved, "tensor_utils")], solved.cells[-1]
    assert course.recognise(solved).name == assignment.name
    assert looked == ["actor_critic", "gaussian_actor_critic"]


# --- split cells ---


def halves(source, cuts, style):
    lines = source.split("\n")
    parts = ["\n".join(lines[a - 1 : b - 1]) for a, b in itertools.pairwise([1, *cuts, len(lines) + 1])]
    if style == "stripped":
        return [part.strip("\n") for part in parts]
    if style == "at the text":
        for number in range(1, len(parts)):
            text = parts[number].lstrip(" ")
            parts[number - 1] += "\n" + " " * (len(parts[number]) - len(text))
            parts[number] = text
    return parts


PROPERTY = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WAYS_TO_CUT = [
    *itertools.product(("as it is", "stripped"), ("on all", "on the first", "on none")),
    ("at the text", "on all"),
]


@PROPERTY
@given(data=st.data())
def test_a_cell_cut_between_any_statements_becomes_whole_again(is_right, answers, data):
    """JupyterLab leaves the indentation in front of the cursor in the upper half, and copies the id."""
    notebook = copy.deepcopy(answers)
    solution = data.draw(st.sampled_from(SOLUTIONS))
    at = position(notebook, solution)
    source = notebook.cells[at].source
    starts = {node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)} - {1}
    cuts = sorted(data.draw(st.sets(st.sampled_from(sorted(starts)), min_size=1, max_size=4)))
    style, ids = data.draw(st.sampled_from(WAYS_TO_CUT))
    cells = [under_the_id_of(notebook, solution, part) for part in halves(source, cuts, style)]
    for number, cell in enumerate(cells):
        if ids == "on none" or (ids == "on the first" and number):
            cell.metadata = nbformat.NotebookNode()
    notebook.cells[at : at + 1] = cells
    assert is_right(notebook, solution)


def test_a_split_copy_is_replaced_as_a_whole(is_right, assignment, solved):
    at = position(solved, "actor_critic_model")
    head, _, tail = solved.cells[at].source.partition("    def forward")
    wrong = [head, "    def forward(self, state):\n        return state"]
    insert(solved, at, *(under_the_id_of(solved, "actor_critic_model", part) for part in wrong))
    assert is_right(solved)
    insert(solved, at + 3, *(under_the_id_of(solved, "actor_critic_model", part) for part in wrong))
    assert tail not in rebuilt_source(solved, assignment, "actor_critic_model")


@pytest.mark.parametrize("ending", ["", "\n", "\n    ", "\n        "])
@pytest.mark.parametrize(
    "own",
    [
        "print(ActorCriticModel(4, [8], 2))",
        "    print(ActorCriticModel(4, [8], 2))",
        "model = ActorCriticModel(4, [8], 2)",
        "    model = ActorCriticModel(4, [8], 2)",
        "def helper(x):\n    return x",
        "EPS = 1e-8",
        "%time x",
        "!ls",
        "x = (",
    ],
)
def test_an_own_cell_below_a_solution_is_not_taken_for_the_rest_of_it(
    is_right, assignment, solved, own, ending
):
    cell_of(solved, "actor_critic_model").source += ending
    insert(solved, position(solved, "actor_critic_model") + 1, code(own))
    assert own in own_sources(rebuild(solved, assignment).notebook)
    assert is_right(solved)


@pytest.mark.parametrize("with_id", [True, False])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("@torch.no_grad()", "def select_action_eps_greedy(Q, state, epsilon):\n    return 0"),
        ("try:\n    x = 1", "except ValueError:\n    pass\ndef select_action_eps_greedy(Q, s, e): pass"),
        ("def select_action_eps_greedy(Q,\n", "                             state, epsilon): return 0"),
        ("def select_action_eps", "_greedy(Q, state, epsilon):\n    return 0"),
        ("def select_action_eps_greedy(Q, s, e):", "    !ls\n    return 0"),
    ],
)
def test_halves_that_make_no_sense_alone_are_put_together(assignment, solved, first, second, with_id):
    cell_of(solved, "eps_greedy").source = first
    half = under_the_id_of(solved, "eps_greedy", second)
    if not with_id:
        half.metadata = nbformat.NotebookNode()
    insert(solved, position(solved, "eps_greedy") + 1, half)
    source = rebuilt_source(solved, assignment, "eps_greedy")
    assert read_code(source).runs
    assert "select_action_eps_greedy" in read_code(source).meaning


# --- formats, and nothing that breaks it ---


def read(tmp_path, content):
    path = tmp_path / "work.ipynb"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_submission(path)


@pytest.mark.parametrize("metadata", [None, [], 7, "x", {"nbgrader": []}, {"nbgrader": {"grade_id": [1]}}])
def test_metadata_of_any_type_is_no_obstacle(tmp_path, is_right, solved, metadata):
    made = json.loads(json.dumps(solved))
    for cell in made["cells"]:
        cell["metadata"] = metadata
    made["metadata"] = metadata
    assert is_right(read(tmp_path, made))


def test_format_three_is_read(tmp_path, is_right, solved):
    assert is_right(read(tmp_path, nbformat.convert(solved, 3)))


def test_line_ends_and_broken_characters_are_mended(tmp_path, is_right, solved):
    for cell in solved.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    solved.cells.append(code("'\ud800'"))
    submitted = read(tmp_path, json.dumps(solved))
    assert is_right(submitted)
    assert not any("\r" in cell.source for cell in submitted.cells)
    assert submitted.cells[-1].source == "'?'"


def test_unknown_and_raw_cells_stay_behind(tmp_path, is_right, solved):
    made = json.loads(json.dumps(solved))
    made["cells"].insert(0, {"cell_type": "slide", "metadata": {}, "source": ["def symlog(x): ", "pass"]})
    made["cells"].append({"cell_type": "raw", "metadata": {}, "source": WRONG})
    assert is_right(read(tmp_path, made))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
LINES = (
    "def symlog(x):",
    "    return x",
    "class ActorCriticModel(nn.Module):",
    "    def forward(self):",
    "        pass",
    "    ",
    "'''",
    "x = (",
    ")",
    "%%time",
    "!ls",
    "sample_batch = 3",
    "\x0c",
    "\xa0\xa0return",
    "import to_tensor",
    "@",
    "else:",
)
SOURCES = st.lists(st.sampled_from(LINES), max_size=6).map("\n".join) | st.text(max_size=30)
IDS = st.sampled_from([*SOLUTIONS, "imports", "test_td_loss", "title", "unknown"])
CELLS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "code", "code", "markdown"]) | st.text(max_size=4),
        "source": SOURCES | st.lists(SOURCES, max_size=3) | JUNK,
        "metadata": st.builds(lambda found: {"nbgrader": {"grade_id": found}}, IDS) | JUNK,
    },
    optional={"id": JUNK, "outputs": JUNK, "execution_count": JUNK, "attachments": JUNK},
)
NOTEBOOKS = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([3, 4, 4, 4]) | JUNK, "cells": st.lists(CELLS | JUNK, max_size=8) | JUNK},
    optional={"nbformat_minor": st.integers(0, 9) | JUNK, "metadata": JUNK, "worksheets": JUNK},
)


@PROPERTY
@given(made=NOTEBOOKS)
def test_whatever_json_is_handed_in_is_rebuilt_or_refused(assignment, tmp_path, made):
    try:
        submitted = read(tmp_path, made)
    except UnreadableSubmission:
        return
    rebuilt = rebuild(submitted, assignment).notebook
    nbformat.validate(rebuilt)
    assert [grade_id(cell) for cell in rebuilt.cells if grade_id(cell)] == [
        grade_id(cell) for cell in assignment.pristine.cells
    ]


@PROPERTY
@given(cells=st.lists(st.tuples(IDS | st.none(), SOURCES), max_size=8), at=st.integers(0, 60))
def test_rebuilding_what_was_rebuilt_changes_nothing(assignment, answers, cells, at):
    notebook = copy.deepcopy(answers)
    made = [code(source, **({"nbgrader": {"grade_id": found}} if found else {})) for found, source in cells]
    insert(notebook, at, *made)
    once = rebuild(notebook, assignment)
    twice = rebuild(once.notebook, assignment)
    assert [cell.source for cell in twice.notebook.cells] == [cell.source for cell in once.notebook.cells]
    assert twice.blank == once.blank
