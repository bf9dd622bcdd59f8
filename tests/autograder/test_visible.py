"""What strangers write steers no terminal."""

from __future__ import annotations

import io

from rich.console import Console

from ac_helpers.wording import Finding
from autograder.tables import verdict_table
from autograder.verdict import CellVerdict, Verdict
from autograder.visible import visible

STEERS = "\x1b]0;title\x07\x1b[2J\x9b31m\u202eabc\r"


def test_text_stays_and_what_steers_goes():
    assert visible("Ответ: [1, 2]\n\tε ≤ 0.1 ✓") == "Ответ: [1, 2]\n\tε ≤ 0.1 ✓"
    shown = visible(STEERS)
    assert "abc" in shown
    assert not set("\x1b\x07\x9b\u202e\r") & set(shown)


def test_a_verdict_is_shown_as_it_is():
    cell = CellVerdict("test_td_loss", 0.0, 2.0, "failed", (Finding("raises", f"[bold]{STEERS}[/nothing]"),))
    stream = io.StringIO()
    Console(file=stream, force_terminal=False, width=200).print(
        verdict_table(Verdict("actor_critic", "folder[/x].ipynb\x1b[2J", (cell,)))
    )
    assert "\x1b" not in stream.getvalue()
    assert "[bold]" in stream.getvalue()
    assert "folder[/x].ipynb" in stream.getvalue()
