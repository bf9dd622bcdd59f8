"""What a kernel may say on its channels, and what of it is taken."""

import pytest

from autograder import kernel
from autograder.kernel import CellRun, StudentKernel, Wanted

PUBLISH = """
from IPython import get_ipython
for said in ("nothing of the kind", "token: the first", "token: the second"):
    get_ipython().display_pub.publish({"application/x-answer": said})
get_ipython().display_pub.publish({"application/x-other": "token: of another kind"})
"""


@pytest.fixture(scope="module")
def student():
    with StudentKernel() as student:
        yield student


def test_the_first_answer_with_the_token_counts_and_no_other(student):
    run = student.run(PUBLISH, 60, Wanted("application/x-answer", {"token": 60}))
    assert run.status == "ok"
    assert run.published == {"token": "token: the first"}
    assert not student.run(PUBLISH, 60, Wanted("application/x-answer", {"of nobody": 60})).published


TOGETHER = """
from IPython import get_ipython
import time
get_ipython().display_pub.publish({"application/x-answer": "one: 1\\ntwo: 2\\none: 3"})
time.sleep(1.5)
get_ipython().display_pub.publish({"application/x-answer": "three: 3"})
"""


def test_lines_of_one_message_go_to_their_tokens_and_start_the_time_of_the_next(student):
    wanted = Wanted("application/x-answer", {"one": 1, "two": 1, "three": 60})
    run = student.run(TOGETHER, 60, wanted)
    assert run.status == "ok"
    assert run.published == {"one": "one: 1", "two": "two: 2", "three": "three: 3"}


class Chatterbox:
    """A client, and its channel, whose kernel sends replies to what nobody has asked, without end."""

    def __init__(self):
        self.said = 0
        self.shell_channel = self

    def get_msg(self, timeout):
        self.said += 1
        return {"msg_type": "execute_reply", "parent_header": {"msg_id": "nobody's"}, "content": {}}


def test_replies_without_end_come_to_an_end(monkeypatch):
    """Within the time for a reply, or this test would never end."""
    monkeypatch.setattr(kernel, "REPLY_SECONDS", 0.2)
    student, run = StudentKernel(), CellRun()
    student._client = Chatterbox()
    student._note_silent_error(run, "ours")
    assert student._client.said > 1
    assert (run.status, run.error) == ("ok", None)
    student._client = None
    student.__exit__()
