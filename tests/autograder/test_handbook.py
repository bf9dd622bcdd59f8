"""The pages under docs/: they tell of everything that a student can be told."""

import shutil
from functools import partial

import pytest

from ac_helpers import reference
from ac_helpers.asking.plain import encode
from ac_helpers.messages import text
from ac_helpers.probes import ASSIGNMENTS, probe, probes
from ac_helpers.wording import hint_key
from autograder.assignment import Course
from autograder.build import _pages, _write_changed, drift
from autograder.course_folder import create
from autograder.examiner import examiner
from autograder.handbook import BY_EXCEPTION, WAYS, Cell, handbook, ids_of, named_by_symptoms, ways
from tests.autograder.handing_in import NAME

CHEAP = "test_tensor_utils"


@pytest.fixture(scope="module")
def pages(repository):
    found = handbook(repository.root, repository.assignments())
    return {path.name: page.decode() for path, page in found.items()}


def answers(test_id):
    """What would be frozen of a probe."""
    known, found = examiner(NAME, 1), probe(test_id)
    return {
        question.id: {
            "reference": known.expected(found, question),
            "mistakes": known.predictions(found, question),
        }
        for question in found.questions
    }


def section(page, title):
    """The lines below a heading of a test cell."""
    (found,) = (part for part in page.split("\n### ")[1:] if part.split("\n")[0].split(":")[0] == title)
    return found.splitlines()


@pytest.mark.parametrize("found", probes(NAME), ids=lambda found: found.id)
def test_every_mistake_that_can_be_named_is_listed_with_its_hint(pages, found):
    rows = section(pages["hints.md"], found.id)
    ids = {mistake.id for mistake in reference.known_mistakes(found.id)}
    ids |= {mistake_id for question in found.questions for mistake_id in named_by_symptoms(question)}
    for mistake_id in ids:
        hint = text(hint_key(found.id, mistake_id)).replace("|", r"\|")
        assert any(row.startswith(f"| `{mistake_id}` | {hint} |") for row in rows), mistake_id


def test_cells_stand_in_the_order_of_the_notebook(pages):
    for page in pages.values():
        titles = [part.split("\n")[0].split(":")[0] for part in page.split("\n### ")[1:]]
        assert titles == [found.id for assignment in ASSIGNMENTS for found in probes(assignment)]


def test_mistakes_that_any_cell_can_name_are_listed(pages):
    assert all(f"| `{mistake_id}` |" in pages["hints.md"] for mistake_id in BY_EXCEPTION)


@pytest.mark.parametrize("found", probes(NAME), ids=lambda found: found.id)
def test_every_question_is_listed_with_its_points(pages, found):
    rows = section(pages["points.md"], found.id)
    assert rows[0] == f"{found.id}: {found.points:g}"
    for question in found.questions:
        (row,) = (row for row in rows if row.startswith(f"| `{question.id}` |"))
        assert f"| {question.points:g} | {question.seconds:g} | {ways(question)} |" in row


def test_a_mistake_costs_what_its_wrong_versions_lose():
    cell = Cell.of(probe(CHEAP), answers(CHEAP))
    assert cell.variants["symlog_no_sign"] == ["symlog_no_sign"]
    assert "symlog_no_sign" in cell.failing["symlog"]
    assert "symlog_no_sign" not in cell.failing["symexp"]
    assert cell.mistakes[0] == next(iter(reference.known_mistakes(CHEAP))).id


def test_a_cell_whose_answers_are_not_frozen_costs_nothing_yet():
    cell = Cell.of(probe(CHEAP), {})
    assert not any(cell.failing.values())


def test_every_way_of_asking_has_words():
    repairs = [
        repair for found in probes(NAME) for question in found.questions for repair in question.repairs
    ]
    assert {word for repair in repairs for word in repair.split()} == set(WAYS)


TABLE = {"a": "wrong_shape", "b": "wrong_dtype"}


def _by_word(got, expected):
    return "not_a_tensor" if got == "np.ndarray" else None


def _by_table(got, expected):
    return TABLE.get(got)


def _by_another(got, expected):
    return _by_word(got, expected) or _by_table(got, expected)


@pytest.mark.parametrize(
    ("symptom", "found"),
    [
        ("argmin", ["argmin"]),
        (_by_word, ["not_a_tensor"]),
        (_by_table, ["wrong_dtype", "wrong_shape"]),
        (_by_another, ["not_a_tensor", "wrong_dtype", "wrong_shape"]),
        (TABLE.get, ["wrong_dtype", "wrong_shape"]),
        (
            lambda got, expected: "argmin" if got else TABLE.get(expected),
            ["argmin", "wrong_dtype", "wrong_shape"],
        ),
        (lambda got, expected: None, []),
    ],
)
def test_what_a_symptom_can_name_is_read_off_its_code(symptom, found):
    assert ids_of(symptom) == found


def test_every_symptom_can_name_something():
    for found in probes(NAME):
        for question in found.questions:
            for field, symptom in question.symptoms.items():
                assert not isinstance(symptom, partial)
                assert ids_of(symptom), (found.id, question.id, field)


def test_a_course_folder_has_no_handbook(course):
    assert _pages(course) == {}


@pytest.fixture
def checkout(repository, tmp_path):
    """A course with a package of its own, where the answers to one cell are frozen."""
    course = create(repository, tmp_path / "checkout")
    frozen = course.root / "ac_helpers" / "frozen" / f"{CHEAP}.json"
    frozen.parent.mkdir(parents=True)
    frozen.write_text(encode(answers(CHEAP), readable=True), encoding="utf-8")
    return Course.find(course.root)


def test_a_checkout_has_a_handbook_made_of_its_own_frozen_answers(checkout):
    assert {path.relative_to(checkout.root).as_posix() for path in _pages(checkout)} == {
        "docs/hints.md",
        "docs/points.md",
    }
    page = _pages(checkout)[checkout.root / "docs" / "hints.md"].decode()
    (row,) = (row for row in section(page, CHEAP) if row.startswith("| `symlog_no_sign` |"))
    assert row.split(" | ")[2] == "symlog 0.075"
    shutil.rmtree(checkout.root / "ac_helpers" / "frozen")
    assert _pages(checkout)[checkout.root / "docs" / "hints.md"].decode() != page


def test_drift_in_the_pages_is_found(checkout, monkeypatch):
    monkeypatch.setattr("autograder.build.frozen_drift", lambda root, assignment: iter(()))
    monkeypatch.setattr("autograder.build._generated_texts", lambda course, assignment, solved: {})
    assert [line.split()[0] for line in drift(checkout)] == ["docs/hints.md", "docs/points.md"]
    assert len(list(_write_changed(_pages(checkout)))) == 2
    assert list(drift(checkout)) == []
    page = checkout.root / "docs" / "points.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert [line.split()[0] for line in drift(checkout)] == ["docs/points.md"]
    assert list(_write_changed(_pages(checkout))) == [page]


def test_the_same_sources_give_the_same_pages(repository):
    once, again = (handbook(repository.root, repository.assignments()) for _ in range(2))
    assert once == again
