"""The page that a student gets back: the findings, readable, and nothing of the student's as markup."""

from __future__ import annotations

import copy
import re
import shutil
from html.parser import HTMLParser

import nbformat
import pytest
from nbgrader.converters import GenerateFeedback
from playwright.sync_api import sync_playwright

from autograder.feedback import feedback_path
from autograder.grade_one import Graded
from autograder.nbgrader_course import course_directory, run
from tests.autograder.handing_in import hand_in, judged

HOSTILE = "<script>alert('оценка')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def page(batch, monkeypatch):
    """The feedback on a notebook that is hostile wherever a student can write."""

    def grade_notebook(rebuilt, assignment, *, name, sandbox="auto"):
        notebook = copy.deepcopy(assignment.pristine)
        shown = nbformat.v4.new_output("stream", name="stdout", text=HOSTILE)
        notebook.cells.append(nbformat.v4.new_code_cell(f'print("{HOSTILE}")', outputs=[shown]))
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.outputs = [
                    nbformat.v4.new_output("stream", name="stdout", text=f"— вернулось {HOSTILE}\n")
                ]
        return Graded(judged(assignment, {"test_td_loss": "failed"}, name), notebook)

    monkeypatch.setattr("autograder.handed_in.grade_notebook", grade_notebook)
    hand_in(batch.course, "anna", batch.assignment.pristine)
    (outcome,) = batch.grade(batch.students())
    return outcome.feedback.read_text(encoding="utf-8")


def test_nbgraders_own_command_makes_the_same_page(page, batch):
    one = course_directory(batch.config, batch.course.root)
    one.assignment_id, one.student_id = batch.assignment.name, "anna"
    converter = GenerateFeedback(coursedir=one, config=batch.config)
    converter.force = True
    run(converter)
    theirs = feedback_path(batch.assignment, "anna", batch.coursedir).read_text(encoding="utf-8")
    assert theirs == page


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


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium")
def test_a_browser_runs_nothing_that_slips_into_the_page(page, tmp_path):
    """Should something of a student's be markup one day, the page's policy still lets none of it run."""
    slips_in = (
        "<script>stolen.push('inline')</script>"
        "<script src='data:text/javascript,stolen.push(`data`)'></script>"
        "<img src=x onerror=\"stolen.push('handler')\">"
        "<a id=link href=\"javascript:void(stolen.push('link'))\">x</a>"
    )
    unprotected = re.sub(r"<meta http-equiv=.Content-Security-Policy.*?/>", "", page)
    assert _run_in_chromium(tmp_path, unprotected + slips_in, tries=4) == (WAYS_IN, 0)
    assert _run_in_chromium(tmp_path, page + slips_in, tries=4) == ([], 4)
    assert _run_in_chromium(tmp_path, page, tries=0) == ([], 0)


WAYS_IN = ["data", "handler", "inline", "link"]
"""Each way in which a script may slip in says its own name when it runs."""

WATCHING = """
    window.stolen = [];
    window.refused = [];
    addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
"""


def _run_in_chromium(folder, page, *, tries):
    """Which ways in have run when so many have been tried, and how often the page's policy refused one."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.add_init_script(WATCHING)
        tab.goto(path.as_uri(), wait_until="load")
        if tab.locator("#link").count():
            tab.locator("#link").click()
        tab.wait_for_function(f"stolen.length + refused.length >= {tries}")
        stolen, refused = sorted(tab.evaluate("stolen")), tab.evaluate("refused")
        browser.close()
    return stolen, len([directive for directive in refused if directive.startswith("script-src")])


def test_a_stub_is_called_unanswered_in_russian(page):
    assert "Ответа нет." in page
    assert "No response" not in page
