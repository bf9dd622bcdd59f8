"""The page that a student gets back: the findings, readable, and nothing of the student's as markup."""

from __future__ import annotations

import copy
from html.parser import HTMLParser

import nbformat
import pytest

from autograder.grade_one import Graded
from tests.autograder.handing_in import hand_in, judged

HOSTILE = "<script>alert('оценка')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def page(batch, monkeypatch):
    """The feedback on a notebook that is hostile wherever a student can write."""

    def grade_notebook(submitted, assignment, *, name, sandbox="auto"):
        notebook = copy.deepcopy(assignment.pristine)
        shown = nbformat.v4.new_output("stream", name="stdout", text=HOSTILE)
        notebook.cells.append(nbformat.v4.new_code_cell(f'print("{HOSTILE}")', outputs=[shown]))
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.outputs = [
                    nbformat.v4.new_output("stream", name="stdout", text=f"— вернулось {HOSTILE}\n")
                ]
        return Graded(judged(assignment, {"test_td_loss": "failed"}, name), notebook)

    monkeypatch.setattr("autograder.nbgrader_plugins.grade_notebook", grade_notebook)
    hand_in(batch.course, "anna", batch.assignment.pristine)
    (outcome,) = batch.grade(batch.students())
    return outcome.feedback.read_text(encoding="utf-8")


def test_scores_and_findings_are_there(page):
    assert "(Score: 8.0 / 10.0)" in page
    assert page.count("— вернулось") == 9


class Tags(HTMLParser):
    """Every tag of a page with its attributes and, for scripts, what they hold."""

    def __init__(self, page):
        super().__init__()
        self.found, self.scripts, self.open = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.open = tag
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.open == "script":
            self.scripts.append(data)

    def handle_endtag(self, tag):
        self.open = None


def test_nothing_of_the_student_is_markup(page):
    assert "оценка" in page
    tags = Tags(page)
    assert not any("оценка" in script for script in tags.scripts)
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)


def test_a_stub_is_called_unanswered_in_russian(page):
    assert "Ответа нет." in page
    assert "No response" not in page
