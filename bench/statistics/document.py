"""Puts the tables into the documents that show them."""

from __future__ import annotations

from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NOTE = "Made by `python -m bench.statistics`; docs/statistics.md explains the tables."


def put_between_markers(text: str, measured: str) -> str:
    """The document with what stands between its markers replaced.

    Raises:
        ValueError: the document has no markers.
    """
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the document has no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n\n{measured}\n{END}{after}"


def publish(measured: str, summary: Path, document: Path) -> None:
    """Writes the summary anew and replaces what is measured in the document."""
    summary.write_text(f"# Statistics of the checks\n\n{NOTE}\n\n{measured}", encoding="utf-8")
    text = document.read_text(encoding="utf-8")
    document.write_text(put_between_markers(text, measured), encoding="utf-8")
