"""Answers of the reference and the mistakes between runs."""

import stat
import sys
from pathlib import Path

import numpy as np

from ac_helpers.asking.answering import raised
from ac_helpers.probes import ASSIGNMENTS, probe, probes
from autograder.answer_cache import AnswerCache, code_files

PROBE = probe("test_tensor_utils")
QUESTION = PROBE.question("symlog")
ANSWER = {"vector": np.array([0.5, 1.0])}


def test_answers_are_there_for_the_next_run_and_nobody_else_reads_them(tmp_path):
    AnswerCache(tmp_path / "kept", seed=1).put(PROBE, QUESTION, {"someone": ANSWER})
    found = AnswerCache(tmp_path / "kept", seed=1).get(PROBE, QUESTION, "someone")
    np.testing.assert_array_equal(found["vector"], ANSWER["vector"])
    (folder,) = (tmp_path / "kept").iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_another_seed_knows_nothing_of_them(tmp_path):
    AnswerCache(tmp_path / "kept", seed=1).put(PROBE, QUESTION, {"someone": ANSWER})
    assert AnswerCache(tmp_path / "kept", seed=2).get(PROBE, QUESTION, "someone") is None


def test_what_another_process_finds_out_is_known_at_once(tmp_path):
    first, second = (AnswerCache(tmp_path / "kept", seed=1) for _ in range(2))
    assert first.get(PROBE, QUESTION, "someone") is None
    second.put(PROBE, QUESTION, {"someone": ANSWER})
    first.put(PROBE, QUESTION, {"another": ANSWER})
    assert first.get(PROBE, QUESTION, "someone") is not None
    assert second.get(PROBE, QUESTION, "another") is not None


def test_what_came_too_late_is_asked_again(tmp_path):
    cache = AnswerCache(tmp_path / "kept", seed=1)
    cache.put(PROBE, QUESTION, {"late": raised("OutOfTime"), "wrong": raised("TypeError")})
    again = AnswerCache(tmp_path / "kept", seed=1)
    assert again.get(PROBE, QUESTION, "late") is None
    assert again.get(PROBE, QUESTION, "wrong") == raised("TypeError")


def test_a_damaged_file_is_no_answer(tmp_path):
    AnswerCache(tmp_path / "kept", seed=1).put(PROBE, QUESTION, {"someone": ANSWER})
    (file,) = (tmp_path / "kept").rglob("*.json")
    file.write_text("{", encoding="ascii")
    assert AnswerCache(tmp_path / "kept", seed=1).get(PROBE, QUESTION, "someone") is None


def test_who_grades_with_another_seed_meanwhile_disturbs_nobody(tmp_path):
    first = AnswerCache(tmp_path / "kept", seed=1)
    first.put(PROBE, QUESTION, {"someone": ANSWER})
    AnswerCache(tmp_path / "kept", seed=2)
    first.put(PROBE, QUESTION, {"another": ANSWER})
    assert first.get(PROBE, QUESTION, "someone") is not None
    assert first.get(PROBE, QUESTION, "another") is not None


def test_answers_hang_on_every_module_that_a_probe_imports_to_draw_and_to_judge():
    assert all(probes(assignment) for assignment in ASSIGNMENTS)
    loaded = [module for name, module in sys.modules.items() if name.startswith("ac_helpers.probes")]
    assert {Path(str(module.__file__)) for module in loaded} <= set(code_files())


def test_where_nothing_can_be_kept_answers_are_known_all_the_same(tmp_path):
    (tmp_path / "kept").write_text("a file in the way of the folder", encoding="ascii")
    cache = AnswerCache(tmp_path / "kept", seed=1)
    cache.put(PROBE, QUESTION, {"someone": ANSWER})
    assert cache.get(PROBE, QUESTION, "someone") is not None


def test_a_disk_that_fills_up_costs_no_answer(tmp_path, monkeypatch):
    cache = AnswerCache(tmp_path / "kept", seed=1)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    cache.put(PROBE, QUESTION, {"someone": ANSWER})
    assert cache.get(PROBE, QUESTION, "someone") is not None
