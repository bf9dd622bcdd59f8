"""Where nbgrader lets us in: the classes that nbgrader_config.py names.

`nbgrader autograde` converts a submission twice. The first pass (sanitize) reads submitted/ and writes to
autograded/ the notebook rebuilt from the released one; the second reads that, grades it, and writes it back
with outputs. What the second pass must know of the first travels in the metadata of the rebuilt notebook,
of which nothing comes from the student.
"""

from __future__ import annotations

import copy
import html
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import compute_checksum
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from autograder import results
from autograder.assignment import Assignment, Course
from autograder.grade_one import grade_notebook
from autograder.gradebook import register
from autograder.rebuild import UnreadableSubmission, read_submission, rebuild
from autograder.results import Result
from autograder.usage import UsageError
from autograder.verdict import Verdict

METADATA = "autograder"
UNGRADED_NOTE = """\
> **Эта работа не проверена автоматически.** Её посмотрит преподаватель.
>
> (Для преподавателя: {reason})
"""
NO_ANSWER = "Ответа нет."


class SubmissionExporter(NotebookExporter):
    """Reads any file: what is no notebook becomes an empty one and a reason, not an exception.

    A converter makes its exporter just before it looks the assignment up in the gradebook, so this is also
    where an assignment that was never released from this folder gets into the gradebook.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coursedir = course_directory_of(self)
        try:
            assignment = Course.find(Path(coursedir.root)).assignment(coursedir.assignment_id)
            register(assignment, self.config, coursedir)
        except UsageError as problem:
            self.log.error("%s", problem)

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> Any:
        path = Path(file_stream.name)
        if path.parent == self._rebuilt_folder(resources):
            return super().from_file(file_stream, resources=resources, **kw)
        key = results.submission_key(path, assignment_of(self, resources))
        notebook, problem = self._read(path)
        resources[METADATA] = {"key": key, "problem": problem}
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _rebuilt_folder(self, resources: Any) -> Path:
        """Where the first pass writes and the second reads."""
        coursedir, ids = course_directory_of(self), resources["nbgrader"]
        return Path(coursedir.format_path(coursedir.autograded_directory, ids["student"], ids["assignment"]))

    def _read(self, path: Path) -> tuple[NotebookNode, str | None]:
        try:
            return read_submission(path), None
        except UnreadableSubmission as problem:
            return nbformat.v4.new_notebook(), str(problem).replace(str(path), path.name)
        except Exception as fault:
            self.log.exception("The grader failed while reading a submission")
            return nbformat.v4.new_notebook(), f"the grader failed while reading the notebook: {fault!r}"


class RebuildSubmission(NbGraderPreprocessor):
    """The released notebook with the student's code in it: all that grading takes from a submission."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        assignment = assignment_of(self, resources)
        key, problem = resources[METADATA]["key"], resources[METADATA]["problem"]
        rebuilt = None
        if problem is None:
            rebuilt, problem = self._rebuild(nb, assignment)
        if rebuilt is None:
            rebuilt = copy.deepcopy(assignment.pristine)
        rebuilt.metadata[METADATA] = {"key": key, "problem": problem}
        return rebuilt, resources

    def _rebuild(self, nb: NotebookNode, assignment: Assignment) -> tuple[NotebookNode | None, str | None]:
        try:
            found = assignment.course.recognise(nb)
        except UsageError as problem:
            return None, str(problem)
        if found.name != assignment.name:
            return None, f"this is a notebook of the assignment {found.name!r}"
        try:
            return rebuild(nb, assignment).notebook, None
        except Exception as fault:
            self.log.exception("The grader failed while rebuilding a submission")
            return None, f"the grader failed while rebuilding the notebook: {fault!r}"


class GradeSubmission(Execute):
    """Runs the notebook as the grader does, in a kernel of its own, and keeps the verdict for SaveVerdict."""

    sandbox = Unicode("auto", help="How student code is confined: auto, bwrap or none.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        provenance = nb.metadata[METADATA]
        if provenance["problem"] is None:
            nb, provenance["problem"], resources["verdict"] = self._grade(nb, resources)
        if provenance["problem"] is not None:
            nb.cells.insert(0, _ungraded_note(provenance["problem"]))
        nb.metadata[METADATA] = provenance
        return nb, resources

    def _grade(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, str | None, Verdict | None]:
        assignment = assignment_of(self, resources)
        name = f"{resources['nbgrader']['notebook']}.ipynb"
        try:
            graded = grade_notebook(nb, assignment, name=name, sandbox=self.sandbox)
        except Exception as fault:
            self.log.exception("The grader failed on a submission")
            return nb, f"the grader failed: {fault!r}", None
        return graded.notebook, None, graded.verdict


class SaveVerdict(SaveAutoGrades):
    """Scores come from the verdict, never from what a cell printed; where there is none a human is asked."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        verdict: Verdict | None = resources.get("verdict") or None
        self.verdicts = {cell.grade_id: cell for cell in verdict.cells} if verdict else {}
        forget_auto_scores(resources["nbgrader"])
        nb, resources = super().preprocess(nb, resources)
        self._save_result(nb, resources, verdict)
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        verdict = self.verdicts.get(cell.metadata.nbgrader["grade_id"])
        grade.auto_score = None if verdict is None or verdict.status == "needs_human" else verdict.score
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        comment = self.gradebook.find_comment(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        unchanged = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        comment.auto_comment = NO_ANSWER if unchanged else None
        self.gradebook.db.commit()

    def _save_result(self, nb: NotebookNode, resources: Any, verdict: Verdict | None) -> None:
        provenance = nb.metadata[METADATA]
        reason = provenance["problem"] or (why_human(verdict) if verdict else "the notebook was not run")
        if reason is not None:
            self.log.error("%s needs a human: %s", self.student_id, reason)
        saved = Result(provenance["key"], verdict.to_json() if verdict else None, reason)
        results.save(assignment_of(self, resources), self.student_id, saved)


def _ungraded_note(problem: str) -> NotebookNode:
    text = UNGRADED_NOTE.format(reason=html.escape(" ".join(problem.split())))
    return nbformat.v4.new_markdown_cell(text, id="not-graded")


def why_human(verdict: Verdict) -> str | None:
    """One line that says which cells the grader could not judge, None if it judged them all."""
    cells = [cell for cell in verdict.cells if cell.status == "needs_human"]
    if not cells:
        return None
    reasons = "; ".join(finding.message for cell in cells for finding in cell.findings[:1])
    return f"{', '.join(cell.grade_id for cell in cells)}: {reasons or 'the grader could not judge'}"


def forget_auto_scores(submission: dict[str, str]) -> None:
    """A new grading starts from nothing: no score of an earlier one survives it."""
    with Gradebook(submission["db_url"]) as gradebook:
        notebook = gradebook.find_submission_notebook(
            submission["notebook"], submission["assignment"], submission["student"]
        )
        for grade in notebook.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()


def course_directory_of(plugin: LoggingConfigurable) -> CourseDirectory:
    """The converter that runs a plugin is one of its parents, and knows the course."""
    holder: Any = plugin
    while not hasattr(holder, "coursedir"):
        holder = holder.parent
    return holder.coursedir


def assignment_of(plugin: LoggingConfigurable, resources: Any) -> Assignment:
    """The assignment that is being converted."""
    root = Path(course_directory_of(plugin).root)
    return Course.find(root).assignment(resources["nbgrader"]["assignment"])
