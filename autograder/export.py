"""The grades of an assignment as files for people and for the LMS that the submissions came from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.files import write
from autograder.grades import Row, Standing

FOLDER = "exports"

NUMBER = re.compile(r"_(\d+)$", re.ASCII)
"""At the end of a student's id: what an LMS calls the student, if `autograder collect` gave the id."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, if more follows; names are chosen by strangers."""


@dataclass(frozen=True)
class Exported:
    """A file that was written, and how many students are in it."""

    path: Path
    students: int


def export(assignment: Assignment, rows: Sequence[Row]) -> list[Exported]:
    """Writes the grades: all that is known, and what Moodle and Canvas read of it.

    An LMS gets those who are graded; whom it cannot know by a number is left out of Moodle's file.
    """
    folder = assignment.course.root / FOLDER / assignment.name
    graded = [row for row in rows if row.standing is Standing.GRADED]
    numbered = [row for row in graded if NUMBER.search(row.student)]
    files = {
        "grades.csv": (rows, _everything(assignment, rows)),
        "moodle.csv": (numbered, _for_moodle(assignment, numbered)),
        "canvas.csv": (graded, _for_canvas(assignment, graded)),
    }
    exported = []
    for name, (students, table) in files.items():
        # Spreadsheets take a file for Latin letters without the mark; an LMS may take the mark for a letter.
        encoding = "utf-8-sig" if name == "grades.csv" else "utf-8"
        write(folder / name, _csv(table).encode(encoding))
        exported.append(Exported(folder / name, len(students)))
    return exported


def _everything(assignment: Assignment, rows: Iterable[Row]) -> list[list[Any]]:
    header = ["student_id", "first_name", "last_name", "email", "status", "handed_in_utc", "seconds_late"]
    table: list[list[Any]] = [[*header, *assignment.points, "late_penalty", "score", "max_score"]]
    for row in rows:
        handed_in = row.handed_in.isoformat(sep=" ", timespec="seconds") if row.handed_in else None
        who = [row.student, row.first_name, row.last_name, row.email, row.standing.value]
        rest = [row.penalty, row.score, assignment.max_score]
        table.append([*who, handed_in, round(row.seconds_late), *row.by_cell.values(), *rest])
    return table


def _for_moodle(assignment: Assignment, rows: Iterable[Row]) -> list[list[Any]]:
    """A grading worksheet, as "Upload grading worksheet" of an assignment reads it.

    Columns: mod/assign/feedback/offline/importgradeslib.php of Moodle, which finds a participant by the
    number. Without a date a line does not replace a grade that Moodle has, unless the upload says so.
    """
    header = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]
    return [
        header,
        *(
            [f"Participant {_number(row)}", row.full_name, row.score, assignment.max_score, "-"]
            for row in rows
        ),
    ]


def _for_canvas(assignment: Assignment, rows: Iterable[Row]) -> list[list[Any]]:
    """A gradebook, as "Import" of Canvas' gradebook reads it (lib/gradebook_importer.rb of Canvas).

    A user is found by the number, else by the login. The assignment is found by its title, which has to be
    the name that it has here, or Canvas offers to make one.
    """
    points = ["    Points Possible", "", "", "", "", assignment.max_score]
    table: list[list[Any]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.name],
        points,
    ]
    for row in rows:
        number = _number(row)
        table.append([row.full_name, number, "", "" if number else row.student, "", row.score])
    return table


def _number(row: Row) -> str:
    found = NUMBER.search(row.student)
    return found[1] if found else ""


def _csv(table: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(value) for value in row] for row in table)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    starts_a_formula = isinstance(value, str) and len(value) > 1 and value.startswith(FORMULA)
    return f"'{value}" if starts_a_formula else value
