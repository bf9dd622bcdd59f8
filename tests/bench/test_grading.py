"""The benchmark of grading: its classes are what they are called, and its report says what was measured."""

from __future__ import annotations

import pytest

from ac_helpers.probes import probes
from bench.grading import phases, report
from bench.grading.classes import KINDS, NAME, course, readable
from bench.grading.cli import Row

SECOND = "gaussian_actor_critic"

ROWS = [
    Row(NAME, "ours", "solved", 100, 0, 90.0, 900.0),
    Row(NAME, "ours", "solved", 100, 1, 100.0, 900.0),
    Row(NAME, "ours", "solved", 100, 2, 80.0, 900.0),
    Row(NAME, "stock", "solved", 100, 1, 600.0, 400.0),
    Row(NAME, "stock", "solved", 100, 2, 800.0, 400.0),
    Row(NAME, "ours", "mixed", 10, 0, 20.0, 1000.0),
    Row(NAME, "ours", "mixed", 100, 0, 120.0, 1000.0),
    Row(NAME, "first of a term", "mixed", 10, 0, 50.0, 1100.0),
    Row(SECOND, "ours", "solved", 10, 0, 15.0, 1000.0),
]


def test_the_report_has_ratios_curve_and_the_first_run():
    text = report.document(ROWS, cores=2)
    assert "| 1 | 1.00 | 6.00 | 6.0 |" in text
    assert "| 2 | 0.80 | 8.00 | 10.0 |" in text
    assert "The median ratio is 8.0." in text
    assert "| mixed | 100 | 120 | 1.20 | 1000 |" in text
    assert "| solved | 100 | 90 | 0.90 | 900 |" in text  # a size of its own in the curve
    assert "| solved | 100 | 100 |" not in text
    assert "50 s for a mixed class of 10" in text
    assert text.index(f"## {SECOND}") < text.index("| solved | 10 | 15 | 1.50 | 1000 |")


def test_the_report_is_written_with_a_plot(tmp_path):
    report.write(ROWS, tmp_path, cores=2)
    assert (tmp_path / "grading.md").read_text(encoding="utf-8").startswith("# Grading a class")
    assert (tmp_path / "grading.png").stat().st_size > 10_000


@pytest.mark.parametrize("name", [NAME, SECOND])
@pytest.mark.parametrize("kind", KINDS)
def test_everybody_of_a_class_hands_in_something_else(tmp_path, kind, name):
    made = course(tmp_path / "course", kind, 20, name)
    texts = [path.read_text(encoding="utf-8") for path in made.root.glob(f"submitted/*/{name}/{name}.ipynb")]
    broken = 20 - readable(name, kind, 20)
    assert broken == (2 if (name, kind) == (NAME, "mixed") else 0)
    assert len(texts) == 20
    assert len(set(texts)) == 20 - broken + (broken > 0)
    assert not any("skip-grading" in text for text in texts)


def test_what_is_within_a_phase_does_not_count_for_it(monkeypatch):
    monkeypatch.setattr("time.perf_counter", iter([0.0, 1.0, 5.0, 6.0]).__next__)
    spent = phases.Phases()
    spent.begin()
    with spent.phase("outer"), spent.phase("inner"):
        pass
    (seconds,) = spent.notebooks
    assert seconds == {"outer": 2.0, "inner": 4.0}
    told = phases.document([seconds])
    assert told.index("| inner |") < told.index("| outer |") < told.index("| all |")


@pytest.mark.slow
def test_every_phase_of_grading_is_measured():
    (seconds,) = phases.measured(1).notebooks
    asked = {f"questions: {probe.id}" for probe in probes(NAME)}
    own = {
        phases.START,
        phases.GREETING,
        phases.CELLS,
        phases.END,
        phases.FEEDBACK,
        phases.WRITER,
        phases.OWN,
    }
    assert seconds.keys() == asked | own
    assert min(seconds.values()) > 0
