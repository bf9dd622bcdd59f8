"""The notebooks of a run: versions of the corpus alone or packed, and the oddities."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import Assignment, grade_id, is_test
from tests.submissions.corpus import Version, cells_of, notebook_of, solved_cells, versions
from tests.submissions.odd import Oddity, oddities

LEARNS = "test_agent_learns"
"""The one cell that may fall with a method of the agent."""


@dataclass(frozen=True)
class Submission:
    """A notebook of the corpus, and what must come of it.

    Attributes:
        name: tells it apart.
        assignment: what it is a submission of.
        versions: the versions in it; none for an oddity.
        text: the notebook file.
        statuses: the status of every test cell that has to lose points, None where any will do.
    """

    name: str
    assignment: str
    versions: tuple[Version, ...]
    text: str
    statuses: Mapping[str, str | None]


def submissions(assignment: Assignment, packed: bool) -> list[Submission]:
    """All of the corpus: versions alone or packed, and the oddities."""
    solved = solved_cells(assignment)
    corpus = list(versions(assignment.name))
    groups = [*_packed(v for v in corpus if v.right), *_packed(v for v in corpus if not v.right)]
    if not packed:
        groups = [(version,) for version in corpus]
    made = [_of_versions(assignment, solved, group) for group in groups]
    return made + [_of_oddity(assignment, solved, oddity) for oddity in oddities(assignment.name)]


def _of_versions(assignment: Assignment, solved: dict[str, str], group: tuple[Version, ...]) -> Submission:
    cells = solved
    for version in group:
        cells = cells_of(version.code, cells)
    lost = {test: None for version in group for test, _ in version.mistakes}
    return Submission(
        " & ".join(map(str, group)),
        assignment.name,
        group,
        json.dumps(notebook_of(assignment, cells), ensure_ascii=False),
        lost,
    )


def _of_oddity(assignment: Assignment, solved: dict[str, str], oddity: Oddity) -> Submission:
    text = oddity.submission(assignment.pristine, notebook_of(assignment, solved))
    return Submission(f"oddities: {oddity.what}", assignment.name, (), text, dict(oddity.lost))


def _packed(corpus: Iterable[Version]) -> Iterator[tuple[Version, ...]]:
    """Groups of versions of which no two define the same function or method, or a model and an agent apart.

    Two versions from one file are about the same test cell and never share a notebook. A version that shows
    in the learning alone is alone: a neighbour that fails would be put right there, and this one with it.
    """
    open_groups: list[tuple[list[Version], set[str], set[str]]] = []
    for version in corpus:
        if any(test == LEARNS for test, _ in version.mistakes):
            yield (version,)
            continue
        defines = _definitions(version.code)
        for group, files, taken in open_groups:
            if version.file not in files and not defines & taken and not _clash(defines, taken):
                group.append(version)
                files.add(version.file)
                taken |= defines
                break
        else:
            open_groups.append(([version], {version.file}, set(defines)))
    yield from (tuple(group) for group, _, _ in open_groups)


def _is_special(node: ast.ClassDef) -> bool:
    """Whether there is more to a class than methods: what it inherits, a decorator, attributes."""
    documented = (ast.FunctionDef, ast.Expr)
    bases = {ast.unparse(base) for base in node.bases}
    if node.name == "ActorCriticModel":
        bases.discard("nn.Module")
    return bool(bases or node.decorator_list) or not all(isinstance(item, documented) for item in node.body)


def _clash(defines: set[str], taken: set[str]) -> bool:
    """An agent is written for its own model, and a special class for its own methods: both come alone."""
    both = defines | taken
    for one, other in ((defines, taken), (taken, defines)):
        special = {name.removesuffix("*") for name in one if name.endswith(".*")}
        if any(name.startswith(prefix) for prefix in special for name in other):
            return True
    return any(name.startswith("ActorCriticModel") for name in both) and any(
        name.startswith("ActorCriticAgent") for name in both
    )


def _definitions(code: str) -> set[str]:
    found = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
            if _is_special(node):
                found.add(f"{node.name}.*")
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        else:
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return found


def check_names(assignment: Assignment) -> None:
    """Every test cell of the corpus has to be one of the assignment's."""
    tests = {grade_id(cell) for cell in assignment.pristine.cells if is_test(cell)}
    mistakes = (mistake for version in versions(assignment.name) for mistake in version.mistakes)
    unknown = Counter(test for test, _ in mistakes if test not in tests)
    if unknown:
        raise ValueError(f"the corpus speaks of test cells that are not there: {sorted(unknown)}")
