"""The command line."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tqdm import tqdm

import bench.statistics
from bench.statistics.document import publish
from bench.statistics.parts import DEFAULT, PARTS, Mapped, call, workers
from bench.statistics.rows import Row, read, write
from bench.statistics.solutions import ROOT
from bench.statistics.tables import report

DOCUMENT = ROOT / "docs" / "statistics.md"


def main() -> None:
    """Measures the parts that are asked for and writes the tables."""
    arguments = parsed()
    arguments.output.mkdir(parents=True, exist_ok=True)
    table = arguments.output / "statistics.csv"
    with workers(arguments.jobs) as mapped:
        for part in arguments.parts:
            start = time.perf_counter()
            measure(part, arguments.runs, table, mapped)
            print(f"{part}: {(time.perf_counter() - start) / 60:.1f} minutes", flush=True)
    publish(report(read(table)), arguments.output / "statistics.md", arguments.document)


def parsed() -> argparse.Namespace:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.statistics",
        description=bench.statistics.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=DEFAULT)
    parser.add_argument("--runs", type=float, default=1.0, help="times the usual number of runs")
    parser.add_argument("--jobs", type=int, default=1, help="processes that measure at the same time")
    parser.add_argument("--output", type=Path, default=ROOT / "bench", help="folder of the results")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="where the tables are put")
    return parser.parse_args()


def measure(part: str, runs: float, table: Path, mapped: Mapped) -> None:
    """Puts a part's figures in the place of its old ones, as they come."""
    rest = [row for row in read(table) if row.part != part]
    rows: list[Row] = []
    tasks = PARTS[part](runs)
    for found in tqdm(mapped(call, tasks), desc=part, total=len(tasks), disable=None):
        rows += found
        write(table, sorted([*rest, *rows], key=lambda row: list(PARTS).index(row.part)))
