"""nbgrader's configuration of this course; every nbgrader command run in this folder reads it."""

import os
import sys

c = get_config()  # noqa: F821

# nbgrader starts `alembic` by name when it makes a gradebook; it lies beside this python, activated or not.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", os.defpath)

c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
# Without a name PostgreSQL finds that an assignment is of no course that there is.
c.CourseDirectory.course_id = "actor-critic"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# nbgrader copies whatever lies beside a notebook to the students; beside the solved one lies its source.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.py"]

# What is released follows from the source alone: releasing again replaces it, without --force.
c.GenerateAssignment.force = True

banner_begin = "####### Здесь ваш код ########"
banner_end = "##############################"
c.ClearSolutions.begin_solution_delimeter = banner_begin
c.ClearSolutions.end_solution_delimeter = banner_end
c.ClearSolutions.code_stub = {"python": f"{banner_begin}\nraise NotImplementedError\n{banner_end}"}

# Grading is done by the autograder package: it rebuilds the submission from the released notebook,
# runs it in a kernel of its own and takes no score from that kernel's output.
c.Autograde.exporter_class = "autograder.nbgrader_plugins.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_plugins.RebuildSubmission"]
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugins.GradeSubmission",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.nbgrader_plugins.SaveVerdict",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback is read in a browser: only the page's own scripts run there.
c.GenerateFeedback.exporter_class = "autograder.feedback_page.FeedbackExporter"

# `nbgrader validate` runs the notebook as it is, training included.
c.Execute.timeout = 900
