"""nbgrader's formgrader, served by Jupyter from the course folder."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from autograder.batch import Batch
from autograder.course_folder import create
from autograder.solved import solve
from tests.autograder.handing_in import NAME, hand_in

TOKEN = "for-this-test-only"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A Jupyter server in a course folder."""

    def __init__(self, root, log):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        options = [f"--port={port}", "--ip=127.0.0.1", "--no-browser", "--allow-root"]
        # Requests here carry a token, not the cookie that the check for forged requests wants.
        options += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.disable_check_xsrf=True"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", *options], cwd=root, stdout=log, stderr=log
        )

    def get(self, path, method="GET"):
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=300) as response:
            return response.read().decode()

    def wait(self):
        for _ in range(300):
            try:
                return self.get("/api/status")
            except urllib.error.URLError:
                assert self.process.poll() is None, "the server has ended"
                time.sleep(0.2)
        raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def server(tmp_path_factory, repository):
    folder = tmp_path_factory.mktemp("formgrader")
    course = create(repository, folder / "course")
    hand_in(course, "anna", solve(course.assignment(NAME)))
    hand_in(course, "dina", "no notebook")
    batch = Batch(course, NAME)
    list(batch.grade(batch.students()))
    with (folder / "log").open("w") as log:
        server = Server(course.root, log)
        try:
            server.wait()
            yield server
        finally:
            server.process.terminate()
            server.process.wait()


@pytest.mark.parametrize(
    "page",
    [
        "/formgrader/manage_assignments",
        f"/formgrader/manage_submissions/{NAME}",
        "/formgrader/gradebook",
        f"/formgrader/gradebook/{NAME}/{NAME}",
        "/formgrader/manage_students",
    ],
)
def test_the_pages_answer(server, page):
    assert "<title>nbgrader formgrade</title>" in server.get(page)


def test_the_class_is_shown_with_its_scores(server):
    shown = {s["student"]: s for s in json.loads(server.get(f"/formgrader/api/submissions/{NAME}"))}
    assert (shown["anna"]["score"], shown["anna"]["needs_manual_grade"]) == (10.0, False)
    assert shown["dina"]["needs_manual_grade"]


def test_submissions_can_be_opened(server):
    rows = json.loads(server.get(f"/formgrader/api/submitted_notebooks/{NAME}/{NAME}"))
    pages = {row["student"]: server.get(f"/formgrader/submissions/{row['id']}/") for row in rows}
    assert "ActorCriticModel" in pages["anna"]
    assert "не проверена автоматически" in pages["dina"]


def test_its_autograde_button_grades_as_we_do(server):
    answer = json.loads(server.get(f"/formgrader/api/submission/{NAME}/anna/autograde", "POST"))
    assert answer["success"], answer
    shown = {s["student"]: s for s in json.loads(server.get(f"/formgrader/api/submissions/{NAME}"))}
    assert shown["anna"]["score"] == 10.0


def test_its_feedback_button_works(server):
    answer = json.loads(server.get(f"/formgrader/api/assignment/{NAME}/generate_feedback?force=true", "POST"))
    assert answer["success"], answer
