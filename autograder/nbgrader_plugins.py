"""Where nbgrader lets us in: the classes that nbgrader_config.py names.

`nbgrader autograde` converts a submission twice. The first pass (sanitize) reads submitted/ and writes to
autograded/ the notebook rebuilt from the released one; the second reads that, grades it, and writes it back
with outputs. What the second pass must know of the first travels in the metadata of the rebuilt notebook,
of which nothing comes from the student.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from autograder import handed_in, results
from autograder.assignment import Assignment, Course
from autograder.gradebook import register
from autograder.rebuild import UnreadableSubmission, read_bytes
from autograder.records import Records
from autograder.submitted import when_said
from autograder.usage import UsageError
from autograder.work import METADATA


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
        content, said, problem = b"", b"", None
        try:
            said = when_said(path.parent)
            content = read_bytes(path, path.name)
        except UnreadableSubmission as reason:
            problem = str(reason)
        key = results.submission_key(content, said, problem, assignment_of(self, resources))
        notebook, problem = handed_in.read(content, problem, path.name)
        resources[METADATA] = {"key": key, "problem": problem}
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _rebuilt_folder(self, resources: Any) -> Path:
        """Where the first pass writes and the second reads."""
        coursedir, ids = course_directory_of(self), resources["nbgrader"]
        return Path(coursedir.format_path(coursedir.autograded_directory, ids["student"], ids["assignment"]))


class RebuildSubmission(NbGraderPreprocessor):
    """The released notebook with the student's code in it: all that grading takes from a submission."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        key, problem = resources[METADATA]["key"], resources[METADATA]["problem"]
        assignment = assignment_of(self, resources)
        rebuilt, problem = handed_in.rebuilt(nb, problem, assignment)
        rebuilt.notebook.metadata[METADATA] = {"key": key, "problem": problem}
        return rebuilt.notebook, resources


class GradeSubmission(Execute):
    """Runs the notebook as the grader does, in a kernel of its own, and keeps the verdict for SaveVerdict."""

    sandbox = Unicode("auto", help="How student code is confined: auto, bwrap or none.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        provenance = nb.metadata[METADATA]
        assignment = assignment_of(self, resources)
        rebuilt, problem = handed_in.rebuilt(nb, provenance["problem"], assignment)
        resources["graded"] = handed_in.graded(rebuilt, problem, assignment, self.sandbox)
        graded_notebook = resources["graded"].notebook
        graded_notebook.metadata[METADATA] = provenance
        return graded_notebook, resources


class SaveVerdict(NbGraderPreprocessor):
    """Scores come from the verdict, never from what a cell printed; where there is none a human is asked."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        ids, assignment = resources["nbgrader"], assignment_of(self, resources)
        result = handed_in.result(nb.metadata[METADATA]["key"], resources["graded"])
        if result.needs_human is not None:
            self.log.error("%s needs a human: %s", ids["student"], result.needs_human)
        with Records(ids["db_url"], assignment.name, self.config) as records:
            records.write(ids["student"], result.for_gradebook())
        results.save(assignment, ids["student"], result)
        return nb, resources


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
