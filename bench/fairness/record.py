"""What whole runs leave behind: a matrix, and a line for every hidden seed.

Seeds of the same code and corpus add up, whenever they were asked; those of other code are forgotten.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.handbook import markdown_table
from bench.fairness.report import Report, Tally, essence

ROOT = Path(__file__).parents[2]
PACKAGES = ("ac_helpers", "autograder", "notebooks", "solutions", "tests/submissions")
"""What verdicts hang on."""


@dataclass(frozen=True)
class Asked:
    """A hidden seed, and what came of it.

    Attributes:
        seed: the hidden seed.
        total: all rows of the matrix together.
        seconds: of all notebooks.
        verdicts: a hash of points, status and mistakes of every cell of every notebook.
    """

    seed: int
    total: Tally
    seconds: float
    verdicts: str

    @classmethod
    def of(cls, seed: int, report: Report) -> Asked:
        """A run that has just ended."""
        said = json.dumps({name: essence(verdict) for name, verdict in report.verdicts.items()})
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]
        return cls(seed, report.total, round(sum(report.seconds), 1), digest)


def code() -> str:
    """A hash of all that verdicts hang on: those of other code are never taken for this one's."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            if file.suffix in {".py", ".toml", ".json", ".ipynb"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def add(folder: Path, name: str, known: str, reports: Mapping[int, Report]) -> list[Asked]:
    """Adds whole runs to those of the same code that are there already, and writes both tables.

    Args:
        folder: where they lie.
        name: what the files are called.
        known: the hash of the code that was asked with, taken before.
        reports: what came of each hidden seed.

    Returns:
        All hidden seeds that this code was asked with.
    """
    path = folder / f"{name}_seeds.csv"
    asked = {row.seed: row for row in _load(path, known)}
    asked |= {seed: Asked.of(seed, report) for seed, report in reports.items()}
    rows = [asked[seed] for seed in sorted(asked)]
    _write(
        path,
        ["code", "seed", *vars(Tally()), "seconds", "verdicts"],
        [[known, row.seed, *vars(row.total).values(), row.seconds, row.verdicts] for row in rows],
    )
    _write(folder / f"{name}.csv", ["cell", *vars(Tally())], _matrix(next(iter(reports.values()))))
    return rows


def document(assignment: str, what: str, report: Report, asked: Sequence[Asked]) -> str:
    """The matrix of one run, and all hidden seeds, for people."""
    columns = [name.replace("_", " ") for name in asdict(Tally())]
    same = len({row.verdicts for row in asked}) == 1
    parts = [
        f"# Fairness: {assignment}",
        f"{what} Hidden seeds asked: {len(asked)}; verdicts, which are points, status and mistakes of every "
        f"cell, {'are the same with all of them' if same else 'DIFFER'}.",
        markdown_table(["cell", *columns], _matrix(report)),
        markdown_table(
            ["hidden seed", *columns, "seconds", "verdicts"],
            [[row.seed, *vars(row.total).values(), f"{row.seconds:.0f}", row.verdicts] for row in asked],
        ),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _matrix(report: Report) -> list[list[object]]:
    return [[cell, *vars(row).values()] for cell, row in report.with_total.items()]


def _load(path: Path, known: str) -> list[Asked]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Asked(
                int(row["seed"]),
                Tally(**{name: int(row[name]) for name in vars(Tally())}),
                float(row["seconds"]),
                row["verdicts"],
            )
            for row in csv.DictReader(file)
            if row["code"] == known
        ]


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
