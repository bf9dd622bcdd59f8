"""The page about a class: what an instructor reads of it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from ac_helpers.wording import Finding
from autograder import cli, grades, results
from autograder.grades import Row, Standing
from autograder.nbgrader_course import course_directory, load_config
from autograder.records import Records
from autograder.report import UNNAMED, report, summary
from autograder.results import Result, Scores
from autograder.verdict import CellVerdict, Verdict
from tests.autograder.handing_in import NAME, judged

CELL, OTHER = "test_td_loss", "test_eps_greedy"


@pytest.fixture
def course(batch):
    return batch.course


def grade(course, student, found=(), needs_human=None):
    """Writes down what a grading would: the verdict, and the scores in the gradebook.

    Args:
        found: triples of a cell, a mistake or None, and what is said; the cell gets no points.
        needs_human: why there is no verdict.
    """
    assignment, config = course.assignment(NAME), load_config(course.root)
    plain = judged(assignment, {cell: "failed" for cell, _, _ in found}, student)
    cells = tuple(
        CellVerdict(
            cell.grade_id,
            cell.score,
            cell.points,
            cell.status,
            tuple(Finding(mistake, said) for of, mistake, said in found if of == cell.grade_id),
        )
        for cell in plain.cells
    )
    verdict = Verdict(NAME, student, cells).to_json()
    result = Result("key", None if needs_human else verdict, needs_human)
    results.save(assignment, student, result)
    with Records(course_directory(config, course.root).db_url, NAME, config) as records:
        records.write(student, Scores({} if needs_human else result.scores(), frozenset()))


def summed_up(course):
    assignment = course.assignment(NAME)
    rows = grades.read(assignment, course_directory(load_config(course.root), course.root))
    known = {row.student: results.load(assignment, row.student) for row in rows}
    return summary(assignment, rows, known, course.root / "exports" / NAME)


def page(course):
    with pytest.raises(SystemExit) as ended:
        cli.main(["report", NAME, "--course-dir", str(course.root)])
    return ended.value.code, (course.root / "exports" / NAME / "report.html").read_text(encoding="utf-8")


def test_scores_are_spread_over_bars_and_quartiles(course):
    for student, lost in (("anna", ()), ("boris", [(CELL, None, "")]), ("vera", [(CELL, None, "")])):
        grade(course, student, lost)
    found = summed_up(course)
    assert found.counts[Standing.GRADED] == 3
    assert [bar.students for bar in found.bars] == [0] * 8 + [2, 1]
    assert found.spread["median"] == 8.0
    assert found.spread["mean"] == pytest.approx(26 / 3)
    assert (found.spread["lowest"], found.spread["highest"]) == (8.0, 10.0)


def test_one_alone_has_quartiles(course):
    grade(course, "anna")
    assert set(summed_up(course).spread.values()) == {10.0}


def test_cells_say_how_many_had_what(course):
    grade(course, "anna")
    grade(course, "boris", [(CELL, "max_target", "смотрите")])
    line = next(line for line in summed_up(course).cells if line.name == CELL)
    assert (line.points, line.mean) == (2.0, 1.0)
    assert (line.full, line.part, line.nothing) == (1, 0, 1)


def test_mistakes_come_by_cell_and_the_most_frequent_first(course):
    grade(course, "anna", [(CELL, "gamma_missing", "нет gamma"), (OTHER, "argmin", "наоборот")])
    grade(course, "boris", [(CELL, "max_target", "там максимум")])
    grade(course, "vera", [(CELL, "max_target", "там максимум"), (CELL, None, "отличается")])
    found = summed_up(course)
    assert [(line.cell, line.mistake, len(line.entries)) for line in found.mistakes] == [
        (OTHER, "argmin", 1),
        (CELL, "max_target", 2),
        (CELL, "gamma_missing", 1),
        (CELL, UNNAMED, 1),
    ]
    assert [entry.row.student for entry in found.mistakes[1].entries] == ["boris", "vera"]
    assert found.mistakes[1].message == "там максимум"


def test_the_page_tells_all_of_it_and_links_to_feedback(course):
    feedback = course.root / "feedback" / "анна 1" / NAME / f"{NAME}.html"
    feedback.parent.mkdir(parents=True)
    feedback.write_text("", encoding="utf-8")
    grade(course, "анна 1", [(CELL, "gamma_missing", "нет gamma")])
    status, text = page(course)
    assert status == 0
    assert "1 graded, 0 needs a human, 0 nothing handed in" in text
    assert "gamma_missing" in text
    assert "нет gamma" in text
    (link,) = set(re.findall(r'href="([^"]+)"', text))
    assert (course.root / "exports" / NAME / unquote(link)).resolve() == feedback.resolve()


def test_who_needs_a_human_is_named_with_the_reason(course):
    grade(course, "anna")
    grade(course, "boris", needs_human="is no notebook")
    status, text = page(course)
    assert status == 1
    assert "For a human" in text
    assert "is no notebook" in text
    assert summed_up(course).counts == {Standing.GRADED: 1, Standing.NEEDS_HUMAN: 1, Standing.ABSENT: 0}


def test_what_strangers_wrote_is_text(course):
    grade(course, "<img src=x onerror=alert(1)>", [(CELL, "raises", "<script>alert(2)</script>")])
    _, text = page(course)
    assert "<img" not in text
    assert "<script" not in text
    assert "&lt;script&gt;alert(2)" in text
    assert "default-src 'none'" in text


def test_a_class_without_grades_is_a_page_as_well(course):
    assignment = course.assignment(NAME)
    absent = Row("anna", "", "", "", Standing.ABSENT, None, 0.0, dict.fromkeys([CELL]), 0.0, None)
    empty = summary(assignment, [absent], {"anna": None}, course.root)
    assert empty.spread == {}
    assert {line.mean for line in empty.cells} == {0.0}
    status, text = page(course)
    assert status == 0
    assert "Nobody is graded yet" in text


def test_a_cell_that_the_gradebook_does_not_know_yet_has_no_points(course):
    grade(course, "anna")
    released = course.release_dir(NAME) / f"{NAME}.ipynb"
    text = released.read_text(encoding="utf-8")
    released.write_text(text.replace(f'"grade_id": "{CELL}"', '"grade_id": "test_new"'), encoding="utf-8")
    status, text = page(course)
    assert status == 0
    assert "test_new" in text


def test_absent_students_are_in_the_table(course):
    rows = grades.read(course.assignment(NAME), course_directory(load_config(course.root), course.root))
    assert rows == []
    grade(course, "anna")
    assignment = course.assignment(NAME)
    tests = [line.name for line in summed_up(course).cells]
    absent = Row("vera", "", "", "", Standing.ABSENT, None, 0.0, dict.fromkeys(tests), 0.0, None)
    text = report(assignment, [absent]).read_text(encoding="utf-8")
    assert "nothing handed in" in text
    assert "vera" in text


def test_before_anything_was_graded_it_says_what_to_do(course, capsys):
    (course.root / "gradebook.db").unlink()
    with pytest.raises(SystemExit) as ended:
        cli.main(["report", NAME, "--course-dir", str(course.root)])
    assert ended.value.code == 2
    assert f"autograder grade {NAME}" in capsys.readouterr().err
