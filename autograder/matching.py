"""Finds in a submission the code of every solution cell, whatever happened to the cells on the way.

The code of a submission is cut into pieces: a piece is a cell, or several that were one before somebody
split it. Then every solution cell of the released notebook gets its pieces:

1. By id. A cell under the id of one solution that defines only names of others is not believed.
2. Of the pieces under one id a later one *replaces* an earlier one if it defines all the required names that
   the earlier one defines (a copy: the last one counts). Otherwise they are *parts* and stay together, in
   their order (a split, where each part defines something else). A piece that defines no required name,
   beside one that does, is an own cell.
3. Required names that are then missing, or defined exactly as they were released, are looked for in the
   other pieces: cells without an id, and solution cells that another one was merged into. Whoever defines
   most of them is taken, the last of several; then whoever defines most of what is left. A piece that would
   bring along another version of something that is filled in is left alone.
4. A piece without an id that is taken leaves its place, except if it stands before the cell of an earlier
   solution, which may need what else it defines. What is taken from further down brings copies of the
   own cells that it needs. What is made from the released cell right above it stays where it is.

Everything else that is code and was not released is an own cell and keeps its place. What is left behind:
copies that were replaced, unless they define something else, and stubs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.assignment import grade_id, is_solution, is_test
from autograder.cells import Code, code_lines, joined, read_code

OWN = "own"
MAX_HALVES = 100
"""Into how many pieces a cell can have been split; more are not put together."""


class Released:
    """What is known of a released notebook."""

    def __init__(self, pristine: NotebookNode) -> None:
        named = {found: cell for cell in pristine.cells if (found := grade_id(cell))}
        self.cells: dict[str, NotebookNode] = named
        self.order = {found: number for number, found in enumerate(named)}
        self.ids_by_lines = {code_lines(cell.source): found for found, cell in named.items()}
        self.stubs = {found: read_code(cell.source) for found, cell in named.items() if is_solution(cell)}
        self.required = {
            found: frozenset(name for name, meaning in stub.meaning.items() if meaning)
            for found, stub in self.stubs.items()
        }
        self._stub_meaning = {
            name: stub.meaning[name] for found, stub in self.stubs.items() for name in self.required[found]
        }
        self.all_required = frozenset(self._stub_meaning)
        code = [read_code(cell.source) for cell in named.values() if cell.cell_type == "code"]
        self.given_names = frozenset(name for read in code for name in read.names)

    def identity(self, cell: NotebookNode) -> str | None:
        """The released cell that this one was made from, by the id that it carries or by the same text."""
        found = grade_id(cell)
        if found in self.cells:
            return found
        return self.ids_by_lines.get(code_lines(cell.source))

    def is_scored(self, found: str) -> bool:
        """Whether a released cell is a solution or a test."""
        return found in self.stubs or is_test(self.cells[found])

    def is_stub(self, code: Code) -> bool:
        """Whether code defines nothing but required names, all of them as they were released."""
        meanings = ((name, self._stub_meaning.get(name)) for name in code.names)
        return bool(code.names) and all(code.meaning[name] == meaning for name, meaning in meanings)

    def filled(self, solution: str, code: Code) -> frozenset[str]:
        """The required names of a solution that the code defines otherwise than the released stub."""
        stub = self.stubs[solution].meaning
        required = self.required[solution]
        return frozenset(name for name in required & code.names if code.meaning[name] != stub[name])


@dataclass(eq=False)
class Piece:
    """A cell of a submission, or several that were one.

    Attributes:
        code: what it holds.
        position: the number of its (first) cell in the submission.
        anchor: the released cell that it stands after, None at the top.
        solution: the solution cell that it belongs to.
        carries_id: whether it says so itself; else it has the text of the stub.
        fixed: whether it was made an own cell by an earlier rebuilding, and stays one.
        replaced: whether a later copy counts in its place.
        stays: whether it keeps its place as an own cell.
    """

    code: Code
    position: int
    anchor: str | None
    solution: str | None
    carries_id: bool = False
    fixed: bool = False
    replaced: bool = False
    stays: bool = True


@dataclass
class Matched:
    """The pieces of a submission, those of every solution cell in their order, and what they need before."""

    pieces: list[Piece]
    solutions: dict[str, list[Piece]] = field(default_factory=dict)
    needed: dict[str, list[Piece]] = field(default_factory=dict)


def match(submitted: NotebookNode, released: Released) -> Matched:
    """Gives every solution cell its pieces, and every other piece its place."""
    matched = Matched(list(_pieces(submitted, released)))
    _disbelieve(matched.pieces, released)
    for solution in released.stubs:
        matched.solutions[solution] = _of_copies_the_last(matched.pieces, solution, released)
    by_id = {solution: list(pieces) for solution, pieces in matched.solutions.items()}
    for solution in released.stubs:
        _look_for_missing(matched, by_id, solution, released)
    _follow(matched, submitted, released)
    _let_go(matched, released)
    for solution, pieces in matched.solutions.items():
        matched.needed[solution] = _needed(matched, pieces, released.order[solution], released)
    return matched


def _pieces(submitted: NotebookNode, released: Released) -> Iterator[Piece]:
    for neighbours in _neighbours(submitted, released):
        start = 0
        while start < len(neighbours):
            piece, count = _rejoined(neighbours[start : start + MAX_HALVES], released)
            yield piece
            start += count


def _neighbours(submitted: NotebookNode, released: Released) -> Iterator[list[Piece]]:
    """The cells with the student's code, each a piece; those between two released cells of code together."""
    anchor: str | None = None
    together: list[Piece] = []
    seen: set[str] = set()
    for position, cell in enumerate(submitted.cells):
        found = _believed(cell, released)
        above = anchor
        if found is not None and found not in seen:
            anchor = found
            seen.add(found)
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        # A given cell that was changed runs after the one that was given, a solution in the place of its own.
        piece = _piece(cell, position, found, above if found in released.stubs else anchor, released)
        if piece is not None:
            together.append(piece)
        else:
            yield together
            together = []
    yield together


def _believed(cell: NotebookNode, released: Released) -> str | None:
    """The released cell that this one is; not a text or a test under whose id there is other code."""
    found = released.identity(cell)
    if found is None or is_own(cell):
        return None
    original = released.cells[found]
    if cell.cell_type != "code" or code_lines(cell.source) == code_lines(original.source):
        return found
    if original.cell_type != "code":
        return None
    if is_test(original) and read_code(cell.source).names - read_code(original.source).names:
        return None
    return found


def _piece(
    cell: NotebookNode, position: int, found: str | None, anchor: str | None, released: Released
) -> Piece | None:
    """The piece that a cell is; None if it is a test, or a released cell that nobody has changed."""
    solution = found if found in released.stubs else None
    if found is not None and solution is None:
        original = released.cells[found]
        if is_test(original) or code_lines(cell.source) == code_lines(original.source):
            return None
    carries_id = solution is not None and grade_id(cell) == solution
    return Piece(read_code(cell.source), position, anchor, solution, carries_id, is_own(cell))


def is_own(cell: NotebookNode) -> bool:
    """Whether a cell of a rebuilt notebook is one of the student's own, beside the released ones."""
    return bool(cell.metadata.get("autograder", {}).get(OWN))


def _rejoined(neighbours: list[Piece], released: Released) -> tuple[Piece, int]:
    """The first of some pieces with the others that are the rest of it, and of how many it is made."""
    whole = best = neighbours[0]
    count = 1
    for number, half in enumerate(neighbours[1:], start=2):
        longer = _joined(whole, half, released)
        if longer is None:
            break
        whole = longer
        if not whole.code.unfinished:
            best, count = whole, number
    return best, count


def _joined(first: Piece, second: Piece, released: Released) -> Piece | None:
    """The two as one piece, if the second is the rest of a solution cell that was split."""
    theirs = {first.solution, second.solution} - {None}
    about_a_solution = theirs or first.code.names & released.all_required
    if first.fixed or second.fixed or len(theirs) > 1 or not about_a_solution:
        return None
    same_id = first.solution is not None and first.solution == second.solution
    code = joined(first.code, second.code, released.all_required, same_id=same_id)
    if code is None:
        return None
    solution, carries_id = first.solution or second.solution, first.carries_id or second.carries_id
    return Piece(code, first.position, first.anchor, solution, carries_id)


def _disbelieve(pieces: list[Piece], released: Released) -> None:
    for piece in pieces:
        if piece.solution is not None:
            others = released.all_required - released.required[piece.solution]
            if piece.code.names & others and not piece.code.names & released.required[piece.solution]:
                piece.solution = None


def _of_copies_the_last(pieces: list[Piece], solution: str, released: Released) -> list[Piece]:
    """The pieces under the id of a solution without those that later ones replace."""
    copies = _about(solution, pieces, released)
    kept: list[Piece] = []
    later: set[str] = set()
    for piece in reversed(copies):
        names = piece.code.names
        wanted = (names & released.required[solution]) or names
        if wanted and wanted <= later:
            piece.solution, piece.replaced = None, True
            # Whatever else it defines may be used by the copy that counts.
            piece.stays = not names <= later
        else:
            kept.append(piece)
            later |= names
    return kept[::-1]


def _about(solution: str, pieces: list[Piece], released: Released) -> list[Piece]:
    """The pieces under an id that define what they should, or all of them if none does."""
    under_id = [piece for piece in pieces if piece.solution == solution]
    if any(piece.carries_id for piece in under_id):
        under_id = [piece for piece in under_id if piece.carries_id]
    about = [piece for piece in under_id if piece.code.names & released.required[solution]] or under_id
    for piece in pieces:
        if piece.solution == solution:
            piece.solution = None
    for piece in about:
        piece.solution = solution
    return about


def _look_for_missing(
    matched: Matched, by_id: dict[str, list[Piece]], solution: str, released: Released
) -> None:
    """Adds what defines the names that the pieces of a solution lack."""
    kept = by_id[solution]
    required = released.required[solution]
    filled = {name for piece in kept for name in released.filled(solution, piece.code)}
    missing = required - filled
    offers = [
        (released.filled(solution, piece.code), piece)
        for piece in matched.pieces
        if not piece.fixed and not piece.replaced and piece.solution != solution
        if missing & piece.code.names and not filled & piece.code.names
    ]
    chosen = _cover(missing, offers)
    if any(_builds_on_stub(matched, piece, solution, required) for piece in chosen):
        chosen = [piece for piece in chosen if piece.anchor != solution]
    elif chosen and not filled and required <= {name for piece in chosen for name in piece.code.names}:
        kept = [piece for piece in kept if piece.code.lines != released.stubs[solution].lines]
    for piece in chosen:
        piece.solution = piece.solution or solution
    matched.solutions[solution] = kept + sorted(chosen, key=lambda piece: piece.position)


def _builds_on_stub(matched: Matched, piece: Piece, solution: str, required: frozenset[str]) -> bool:
    """Whether what a piece defines is made from the released names, by itself or through own cells above it.

    Right after the cell it can then stay where it is.
    """
    uses = set(piece.code.uses)
    for above in reversed(matched.pieces[: matched.pieces.index(piece)]):
        if above.anchor == solution and above.solution is None and above.code.names & uses:
            uses |= above.code.uses
    return bool(uses & required)


def _cover(missing: frozenset[str], offers: list[tuple[frozenset[str], Piece]]) -> list[Piece]:
    chosen: list[Piece] = []
    left = set(missing)
    while left:
        most, piece = 0, None
        for names, offered in offers:
            if (count := len(names & left)) and count >= most:
                most, piece = count, offered
        if piece is None:
            break
        chosen.append(piece)
        left -= next(names for names, offered in offers if offered is piece)
    return chosen


def _follow(matched: Matched, submitted: NotebookNode, released: Released) -> None:
    """Own cells below a solution that has lost its id stand after it, not after what is above them both."""
    known = [
        (position, released.order[found])
        for position, cell in enumerate(submitted.cells)
        if (found := _believed(cell, released)) is not None
    ]
    taken = sorted(
        (piece.position, solution, piece.anchor)
        for solution, pieces in matched.solutions.items()
        for piece in pieces
        if not piece.carries_id
    )
    for own in matched.pieces:
        if own.solution is not None or own.fixed:
            continue
        above = released.order.get(own.anchor or "", -1)
        below = next((order for position, order in known if position > own.position), len(released.order))
        for position, solution, anchor in taken:
            if anchor == own.anchor and position < own.position and above < released.order[solution] < below:
                own.anchor = solution


def _let_go(matched: Matched, released: Released) -> None:
    """Takes out of their places what became a solution, earlier versions of what was moved up, and stubs."""
    for piece in matched.pieces:
        if piece.solution is not None or released.is_stub(piece.code):
            piece.stays = False
    last_of_earlier = -1
    for solution, pieces in matched.solutions.items():
        names = {name for piece in pieces for name in piece.code.names}
        for piece in pieces:
            # The cell of an earlier solution, further down, may use what else is defined here.
            piece.stays |= piece.position < last_of_earlier and not piece.code.names <= released.all_required
        for piece in _passed_by(matched, pieces, released.order[solution], released):
            if piece.code.names and piece.code.names <= names:
                piece.stays = False
        last_of_earlier = max([last_of_earlier, *(piece.position for piece in pieces)])


def _needed(matched: Matched, sources: list[Piece], order: int, released: Released) -> list[Piece]:
    """The own cells without which code that is moved up would lack a name that it uses."""
    uses = {name for piece in sources for name in piece.code.uses} - released.given_names
    needed: list[Piece] = []
    for piece in reversed(_passed_by(matched, sources, order, released)):
        if piece.stays and (piece.code.names & uses or piece.code.patches):
            needed.insert(0, piece)
            uses |= piece.code.uses - released.given_names
    return needed


def _passed_by(matched: Matched, sources: list[Piece], order: int, released: Released) -> list[Piece]:
    """The own cells that stand above a piece in the submission, and below the place that it gets."""
    last = max((piece.position for piece in sources), default=-1)
    return [
        piece
        for piece in matched.pieces
        if piece.solution is None and not piece.fixed and piece.position < last
        if released.order.get(piece.anchor or "", -1) >= order
    ]
