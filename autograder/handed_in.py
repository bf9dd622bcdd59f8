"""From a file that was handed in to a graded notebook: a verdict, or a reason why a human has to look."""

from __future__ import annotations

import copy
import html
import logging
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.grade_one import grade_notebook
from autograder.rebuild import Rebuilt, UnreadableSubmission, parse_submission, rebuild
from autograder.records import unanswered
from autograder.results import Result
from autograder.usage import UsageError
from autograder.verdict import Verdict

UNGRADED_NOTE = """\
> **Эта работа не проверена автоматически.** Её посмотрит преподаватель.
>
> (Для преподавателя: {reason})
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Marked:
    """A notebook as it is kept, its verdict, and why a human is asked where there is none."""

    notebook: NotebookNode
    verdict: Verdict | None
    problem: str | None


def read(content: bytes, problem: str | None, name: str) -> tuple[NotebookNode, str | None]:
    """The notebook in a file's bytes; an empty one and the reason where there is none.

    Args:
        content: the file.
        problem: why there is no file that can be read.
        name: how messages call it.
    """
    if problem is not None:
        return nbformat.v4.new_notebook(), problem
    try:
        return parse_submission(content, name), None
    except UnreadableSubmission as problem:
        return nbformat.v4.new_notebook(), str(problem)
    except Exception as fault:
        log.exception("The grader failed while reading a submission")
        return nbformat.v4.new_notebook(), f"the grader failed while reading the notebook: {fault!r}"


def rebuilt(
    submitted: NotebookNode, problem: str | None, assignment: Assignment
) -> tuple[Rebuilt, str | None]:
    """The released notebook with the student's code in it; without any, and the reason, where that fails.

    Args:
        submitted: what was handed in.
        problem: why it could not be read.
        assignment: what it was handed in for.
    """
    if problem is not None:
        return blank(assignment), problem
    try:
        found = assignment.course.recognise(submitted)
        if found.name == assignment.name:
            return rebuild(submitted, assignment), None
        problem = f"this is a notebook of the assignment {found.name!r}"
    except UsageError as unknown:
        problem = str(unknown)
    except Exception as fault:
        log.exception("The grader failed while rebuilding a submission")
        problem = f"the grader failed while rebuilding the notebook: {fault!r}"
    return blank(assignment), problem


def blank(assignment: Assignment) -> Rebuilt:
    """What stands for a notebook that cannot be rebuilt."""
    return Rebuilt(copy.deepcopy(assignment.pristine), frozenset())


def graded(rebuilt: Rebuilt, problem: str | None, assignment: Assignment, sandbox: str) -> Marked:
    """What was rebuilt, run and judged; with a note on top where it could not be."""
    notebook, verdict = rebuilt.notebook, None
    if problem is None:
        try:
            done = grade_notebook(rebuilt, assignment, name=f"{assignment.name}.ipynb", sandbox=sandbox)
            notebook, verdict = done.notebook, done.verdict
        except Exception as fault:
            log.exception("The grader failed on a submission")
            problem = f"the grader failed: {fault!r}"
    if problem is not None:
        notebook.cells.insert(0, _ungraded_note(problem))
    return Marked(notebook, verdict, problem)


def _ungraded_note(problem: str) -> NotebookNode:
    text = UNGRADED_NOTE.format(reason=html.escape(" ".join(problem.split())))
    return nbformat.v4.new_markdown_cell(text, id="not-graded")


def result(key: str, marked: Marked) -> Result:
    """What is kept of it beside the notebook.

    Args:
        key: what the submission is known by.
        marked: what came of it.
    """
    verdict = marked.verdict.to_json() if marked.verdict else None
    return Result(key, verdict, why_human(marked), sorted(unanswered(marked.notebook)))


def why_human(marked: Marked) -> str | None:
    """One line that says what the grader could not judge, None if it judged everything."""
    if marked.problem is not None or marked.verdict is None:
        return marked.problem or "the notebook was not run"
    cells = [cell for cell in marked.verdict.cells if cell.status == "needs_human"]
    if not cells:
        return None
    reasons = "; ".join(finding.message for cell in cells for finding in cell.findings[:1])
    return f"{', '.join(cell.grade_id for cell in cells)}: {reasons or 'the grader could not judge'}"
