"""Shows the outcomes of a check: HTML in a notebook, plain text in a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from IPython import get_ipython
from IPython.display import display

from ac_helpers.judging import Outcome
from ac_helpers.messages import text
from ac_helpers.probes.spec import Probe
from ac_helpers.wording import evidence, findings_of, title

_GREEN, _RED, _GREY = "#1a7f37", "#b35900", "#6b7280"


@dataclass(frozen=True)
class Card:
    """Something to show in both forms; a front end takes the one that it can."""

    html: str
    plain: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def outcomes(probe: Probe, outcomes: list[Outcome], points: float) -> None:
    """Shows how every question went, and the points."""
    total = text("check.total", points=number(points), of=number(probe.points))
    praise = text("check.all_right") if all(outcome.passed for outcome in outcomes) else text("check.go_on")
    rows = [_row(probe, outcome) for outcome in outcomes]
    _show(
        Card(
            html=_frame("".join(html for html, _ in rows), f"<b>{escape(total)}</b> {escape(praise)}"),
            plain="\n".join([*(plain for _, plain in rows), f"{total} {praise}"]),
        )
    )


def _row(probe: Probe, outcome: Outcome) -> tuple[str, str]:
    heading = title(probe, outcome.question.id)
    if outcome.passed:
        return _line("✓", _GREEN, heading, []), f"✓ {heading}"
    details = [found.message for found in findings_of(probe, outcome)]
    if outcome.mistakes and outcome.raised is None:
        details.append(evidence(probe, outcome))
    return _line("✗", _RED, heading, details), "\n".join(
        [f"✗ {heading}", *(f"    {line}" for line in details)]
    )


def missing(probe: Probe, names: list[str]) -> None:
    """Says that names are not defined yet."""
    message = text("check.missing", names=", ".join(names))
    _show(Card(_frame(_line("✗", _RED, message, []), ""), f"✗ {message}"))


def hint(message: str, hint_number: int, of: int) -> None:
    """Shows one hint."""
    heading = text("check.hint", number=hint_number, of=of)
    _show(Card(_frame(_line("?", _GREY, heading, [message]), ""), f"{heading}\n    {message}"))


def number(value: float) -> str:
    """A number of points as it is written in Russian: 0,25 and 3."""
    return f"{value:.4g}".replace(".", ",")


def _show(card: Card) -> None:
    if get_ipython() is None:
        print(card.plain)
    else:
        display(card)


def _frame(rows: str, footer: str) -> str:
    last = f'<div style="margin-top:.5em">{footer}</div>' if footer else ""
    style = f"border-left:3px solid {_GREY};padding:.4em .8em;margin:.3em 0;line-height:1.45;max-width:52em"
    return f'<div style="{style}">{rows}{last}</div>'


def _line(sign: str, colour: str, heading: str, details: list[str]) -> str:
    below = "".join(f'<div style="margin-left:1.4em">{_code(line)}</div>' for line in details)
    mark = f'<span style="color:{colour};font-weight:bold;display:inline-block;width:1.4em">{sign}</span>'
    return f'<div style="margin:.2em 0">{mark}{_code(heading)}{below}</div>'


def _code(message: str) -> str:
    """Escapes a message; what stands between backquotes is set as code."""
    parts = escape(message).split("`")
    if len(parts) % 2 == 0:
        return escape(message)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
