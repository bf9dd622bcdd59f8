"""How the benchmark keeps its figures, what it finds wanting, and how it writes them down."""

import pytest

from bench.statistics import cli, goals, parts, tables
from bench.statistics.document import BEGIN, END, publish, put_between_markers
from bench.statistics.rows import Row, averaged, computed, counted, read, write

EPS = "test_eps_greedy"


def _learns(title, hits, runs=20, lr="0.03"):
    return counted("learns", "test_agent_learns", lr, title, runs, hits, 0.5)


ROWS = [
    computed(EPS, "random", "false alarm: level of the test", 1e-11),
    computed(EPS, "greedy", "false alarm: too often", 1e-5),
    computed(EPS, "mixed", "miss: argmin", 0.5),
    averaged(
        "networks", "test_actor_critic_model", "policy", "false alarm, one action only: reference", [0.0]
    ),
    averaged(
        "networks", "test_actor_critic_model", "policy", "false alarm, one action only: odd", [1e-3, 0.0]
    ),
    counted("calibration", EPS, "random", "Fisher: p < 0.1", 1000, 90),
    counted("alarms", EPS, "random", "reference", 30, 0, 0.01),
    counted("alarms", EPS, "random", "odd style", 30, 2, 0.01),
    counted("power", EPS, "random", "caught elsewhere", 30, 3, 0.01),
    counted("power", EPS, "greedy", "caught elsewhere", 30, 0, 0.01),
    counted("power", EPS, "mixed", "caught nowhere", 30, 1, 0.01),
    _learns("reference", 40, 40),
    _learns("SGD", 3),
    _learns("collapsed at random", 0),
]


def test_rows_come_back_from_the_table(tmp_path):
    write(tmp_path / "table.csv", ROWS)
    back = read(tmp_path / "table.csv")
    assert [(row.subject, row.runs, row.hits) for row in back] == [(r.subject, r.runs, r.hits) for r in ROWS]
    assert [row.rate for row in back] == pytest.approx([row.rate for row in ROWS], rel=1e-5)
    assert read(tmp_path / "none.csv") == []


def test_a_part_measured_again_takes_the_place_of_its_old_rows(tmp_path, monkeypatch):
    table = tmp_path / "table.csv"
    write(table, ROWS)
    new = [counted("alarms", EPS, "mixed", "reference", 5, 0)]
    monkeypatch.setitem(parts.PARTS, "alarms", lambda runs: [lambda: new])
    cli.measure("alarms", 1.0, table, map)
    back = read(table)
    assert [row.question for row in back if row.part == "alarms"] == ["mixed"]
    assert len(back) == len(ROWS) - 1
    assert [row.part for row in back] == sorted((r.part for r in back), key=list(parts.PARTS).index)


def test_what_is_larger_than_allowed_is_found():
    found = {(shortfall.question, shortfall.who) for shortfall in goals.shortfalls(ROWS)}
    assert found == {
        (f"{EPS}: greedy", ""),
        (f"{EPS}: mixed", ""),
        ("test_actor_critic_model: policy", "odd"),
        (f"{EPS}: random", "odd style"),
        (f"{EPS}: mixed", "caught nowhere"),
        ("test_agent_learns: learns", "SGD"),
    }


def test_bounds_add_up_by_question_and_network():
    found = goals.bounds(ROWS)
    assert found[f"{EPS}: random"] == (1e-11, 0, 0)
    assert found["test_actor_critic_model: policy"] == (0, 0, pytest.approx(5e-4))


def test_a_learner_is_judged_by_its_limits():
    sure, unsure, lucky = (goals.learners_of(ROWS)[i] for i in range(3))
    assert sure.fails == 0
    assert 0 < sure.fails_at_most < 1e-6
    assert unsure.fails > 0.01
    assert (lucky.is_right, lucky.passes) == (False, 0)
    assert 0 < lucky.passes_at_most < 1


def test_every_part_has_its_table():
    text = tables.report(ROWS)
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    assert len(headings) == len(set(headings)) == 10
    assert "| test_eps_greedy: random | 2 | 60 | 2 | 0.033 |" in text
    assert "odd style (2/30)" in text
    assert "| SGD | 3/20 |" in text


@pytest.mark.parametrize(("rate", "text"), [(0.0, "< 1e-99"), (1.234e-5, "1.2e-05"), (0.25, "0.250")])
def test_numbers_keep_two_digits(rate, text):
    assert tables.number(rate) == text


def test_measured_figures_go_between_the_markers(tmp_path):
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert put_between_markers(text, "new\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    with pytest.raises(ValueError, match="the document has no"):
        put_between_markers("no markers", "new")
    document, summary = tmp_path / "document.md", tmp_path / "summary.md"
    document.write_text(text)
    publish("new\n", summary, document)
    assert "new" in document.read_text()
    assert summary.read_text().startswith("# Statistics of the checks")


def test_an_average_keeps_its_extremes():
    row = averaged("networks", "test", "question", "subject", [0.1, 0.3])
    assert (row.runs, row.rate, row.low, row.high) == (2, pytest.approx(0.2), 0.1, 0.3)
    assert isinstance(row, Row)
