"""Grades one rebuilt notebook: run, ask, judge."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import nbformat
from nbformat import NotebookNode

from ac_helpers.asking import Data
from ac_helpers.judging import Outcome, earned, is_put_right, judge, meets_stub, until_right
from ac_helpers.messages import text
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes import probes
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.wording import Finding, findings, title
from autograder.answer_cache import FOLDER
from autograder.assignment import Assignment, grade_id, is_solution, is_test
from autograder.cells import read_code, without_magics
from autograder.examiner import Examiner, examiner
from autograder.kernel import CellRun, KernelFault, StudentKernel
from autograder.matching import is_own
from autograder.rebuild import Rebuilt
from autograder.sandbox import is_confined
from autograder.session import Deadlines, Request, Session
from autograder.source import only_defines
from autograder.verdict import CellVerdict, Status, Verdict

SECONDS_AFTER_A_TIMEOUT = 2.0
"""The deadline of further questions in a cell that has used up one: enough for what does not hang."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Graded:
    """A verdict, and the rebuilt notebook with the outputs that feedback shows."""

    verdict: Verdict
    notebook: NotebookNode


def grade_notebook(
    rebuilt: Rebuilt,
    assignment: Assignment,
    *,
    name: str,
    sandbox: str = "auto",
    deadlines: Deadlines | None = None,
) -> Graded:
    """Grades a submission that was read and rebuilt already.

    Args:
        rebuilt: what was made of the student's notebook.
        assignment: what it is a submission of.
        name: how the verdict calls it.
        sandbox: how the student's code is confined.
        deadlines: how long things may take.

    Raises:
        UsageError: this way of confining code is not to be had.
    """
    grading = Grading(rebuilt, assignment, deadlines or Deadlines(), is_confined(sandbox))
    return Graded(Verdict(assignment.name, name, grading.run()), grading.notebook)


class Grading:
    """One submission on its way to a verdict."""

    def __init__(
        self, rebuilt: Rebuilt, assignment: Assignment, deadlines: Deadlines, confined: bool
    ) -> None:
        self.notebook, self.blank = rebuilt.notebook, rebuilt.blank
        own = [cell for cell in self.notebook.cells if is_own(cell)]
        self.own_cells = bool(own)
        self.deadlines = deadlines
        self.confined = confined
        course = assignment.course
        self.examiner: Examiner = examiner(assignment.name, course.hidden_seed(), course.private / FOLDER)
        self.cell_runs: dict[str, CellRun] = {}
        self.given: list[str] = []
        self.stand_ins: dict[str, str] = {}
        self.earned: dict[str, float] = {}
        self.unfilled: set[str] = set()
        self.slow: set[str] = set()
        self.never_ends: set[str] = set()
        bound = {name for cell in own for name in read_code(cell.source).names}
        self.rebound = {
            probe.solution: self.examiner.stand_in(probe.defines)
            for probe in probes(assignment.name)
            if bound & set(probe.defines)
        }

    def run(self) -> tuple[CellVerdict, ...]:
        """The verdicts on all test cells, in the order of the notebook."""
        tests = [cell for cell in self.notebook.cells if is_test(cell)]
        verdicts: list[CellVerdict] = []
        try:
            with StudentKernel(self.confined) as kernel:
                session = Session(kernel, self.deadlines)
                session.greet()
                for cell in self._cells_that_matter():
                    if is_test(cell):
                        verdicts.append(self._judge(cell, session))
                    else:
                        self._run_cell(cell, session)
        except KernelFault as fault:
            log.error("%s", fault)
            verdicts += [_needs_human(cell, str(fault)) for cell in tests[len(verdicts) :]]
        return tuple(verdicts)

    def _cells_that_matter(self) -> list[NotebookNode]:
        """The code cells up to the last test; released cells that only show something are left out."""
        cells = self.notebook.cells
        last = max(i for i, cell in enumerate(cells) if is_test(cell))
        return [cell for cell in cells[: last + 1] if cell.cell_type == "code" and not _only_shows(cell)]

    def _run_cell(self, cell: NotebookNode, session: Session) -> None:
        run = session.run_cell(cell.source)
        if is_solution(cell) and run.status == "error":
            run = self._second_try(cell, session) or run
        cell.outputs = run.outputs
        found = grade_id(cell)
        if found is not None:
            self.cell_runs[found] = run
        if found is not None and not is_solution(cell) and only_defines(cell.source):
            self.given.append(cell.source)

    def _second_try(self, cell: NotebookNode, session: Session) -> CellRun | None:
        """A solution cell without its magics, and with the given names as they were before own cells."""
        source = without_magics(cell.source)
        if source == cell.source and not self.own_cells:
            return None
        if self.own_cells:
            for given in self.given:
                session.run_cell(given)
        run = session.run_cell(source)
        return run if run.status == "ok" else None

    def _judge(self, cell: NotebookNode, session: Session) -> CellVerdict:
        """A fault of ours while judging is a case for a human, never a score, and the rest goes on."""
        try:
            probe = probe_by_id(cell.metadata.nbgrader["grade_id"])
            outcomes = self._outcomes(probe, session)
            verdict = self._verdict(probe, outcomes)
            cell.outputs = [
                nbformat.v4.new_output("stream", name="stdout", text=_summary(probe, outcomes, verdict))
            ]
            return verdict
        except KernelFault:
            raise
        except Exception as fault:
            log.exception("judging failed")
            return _needs_human(cell, f"{type(fault).__name__}: {fault}")

    def _outcomes(self, probe: Probe, session: Session) -> list[Outcome]:
        at_once = self._ask_at_once(probe, session)
        answers = {
            question.id: self._answer(probe, question, session, at_once.get(question.id))
            for question in probe.questions
        }
        expected = {question.id: self.examiner.expected(probe, question) for question in probe.questions}
        return judge(
            probe,
            answers,
            expected,
            lambda question: self.examiner.predictions(probe, question),
            lambda question, known: self.examiner.pair_predictions(probe, question, known),
        )

    def _ask_at_once(self, probe: Probe, session: Session) -> dict[str, Data]:
        """Raw answers to the questions of a cell, each put in its first way, as far as they came."""
        questions = [question for question in probe.questions if not question.is_patient]
        if len(questions) < 2:
            return {}
        requests = [next(self._requests(probe, question)) for question in questions]
        raw = session.ask_together(requests)
        return {question.id: answer for question, answer in zip(questions, raw, strict=False)}

    def _answer(
        self, probe: Probe, question: Question, session: Session, first: Data | None
    ) -> tuple[Data, ...]:
        """The student's answers; where one is wrong, with given names and failed earlier cells put right.

        Either way may be right: what was written around a failed part may suit only the student's own.
        A part that ran out of time is not tried again where later cells only use it; nor in other ways, once
        it has done so in every way that a question can be put. An answer that takes long to fail is asked for
        in the likelier way first.

        Args:
            probe: the question's.
            question: the question.
            session: where it is put.
            first: the raw answer to its first way, if that is known already.
        """
        expected = self.examiner.expected(probe, question)
        return until_right(question, expected, self._answers(probe, question, session, first))

    def _answers(
        self, probe: Probe, question: Question, session: Session, first: Data | None
    ) -> Iterator[Data]:
        every_way_was_late = True
        told: list[Data] = []
        for request in chain(self._requests(probe, question), self._elsewhere(probe, question, told)):
            raw, first = (session.ask(request) if first is None else first), None
            # What kills the kernel costs as much: another one has to run all cells again.
            is_late = raw.get("raised", {}).get("type") in ("OutOfTime", "KernelDied")
            every_way_was_late &= is_late
            if is_late:
                self.slow |= {probe.id, probe.solution}
            told.append(self.examiner.digest(probe, question, raw))
            yield told[-1]
            if every_way_was_late and probe.id in self.never_ends:
                return
        if every_way_was_late:
            self.never_ends.add(probe.id)

    def _requests(self, probe: Probe, question: Question) -> Iterator[Request]:
        """The ways of putting a question, in the order in which they are tried."""
        if self._is_stub(probe):
            # Nothing of the student's is in it, whatever is put right around it.
            yield from self._ways(probe, question, [])
            return
        if is_put_right(probe, question, self.earned, self.unfilled):
            around = [*self.given, *self.examiner.around(probe)]
            yield from self._ways(probe, question, around, all_right=True)
        repairs = self._repairs(probe)
        ways: list[list[str]] = [] if self._relies_on_slow(probe) else [[]]
        if repairs:
            ways.insert(0 if question.is_patient else len(ways), repairs)
        for stand_ins in ways:
            yield from self._ways(probe, question, stand_ins)

    def _elsewhere(self, probe: Probe, question: Question, told: Sequence[Data]) -> Iterator[Request]:
        """The last ways of putting a question, where the digested answers so far leave them."""
        if question.elsewhere is None or not told or self._is_stub(probe) or probe.solution in self.stand_ins:
            return
        changed = question.elsewhere(self.examiner.data(probe, question), told[-1])
        if changed is not None:
            for right in (self.examiner.around(probe, "__init__"), self.examiner.others(probe)):
                yield from self._ways(probe, question, [*self.given, *right], changed=changed)

    def _is_stub(self, probe: Probe) -> bool:
        return probe.solution in self.blank and not self.own_cells

    def _relies_on_slow(self, probe: Probe) -> bool:
        return any(solution in self.slow for solution in self.stand_ins if solution != probe.solution)

    def _repairs(self, probe: Probe) -> list[str]:
        """What own cells may have bound anew, and right versions of the earlier cells that failed.

        Nothing that has still to be judged: what is sent to a kernel can be read there.
        """
        right = {**self.rebound, **self.stand_ins}
        others = [
            source
            for solution, source in right.items()
            if solution != probe.solution and self._is_judged(solution)
        ]
        return [*self.given, *others] if others or self.own_cells else []

    def _is_judged(self, solution: str) -> bool:
        judged = (other for other in probes(self.examiner.assignment) if other.solution == solution)
        return all(other.id in self.earned for other in judged)

    def _ways(
        self,
        probe: Probe,
        question: Question,
        stand_ins: list[str],
        all_right: bool = False,
        changed: Data | None = None,
    ) -> Iterator[Request]:
        """With these stand-ins; with less time and patience where wrong parts of the class are in it."""
        random_seed = self.examiner.random_seed(probe, question)
        data = self.examiner.data(probe, question) if changed is None else changed
        has_wrong_parts = probe.solution in self.stand_ins and not all_right
        if has_wrong_parts:
            data = question.hurry(data)
        for way in question.ways(data):
            hangs = probe.id in self.slow or (has_wrong_parts and probe.solution in self.slow)
            seconds = SECONDS_AFTER_A_TIMEOUT if hangs else question.seconds
            yield Request(probe, question, way, random_seed, stand_ins, seconds)

    def _verdict(self, probe: Probe, outcomes: list[Outcome]) -> CellVerdict:
        score = self.earned[probe.id] = earned(probe, outcomes)
        if meets_stub(outcomes):
            self.unfilled.add(probe.id)
        if score < probe.points:
            self.stand_ins[probe.solution] = self.examiner.stand_in(probe.defines)
        status = self._status(probe, outcomes, score)
        told = () if status == "not_attempted" else findings(probe, outcomes)
        cell_fault = self._cell_fault(probe)
        if cell_fault is not None and status in ("error", "timeout"):
            told = (cell_fault,)
        return CellVerdict(probe.id, score, probe.points, status, told)

    def _status(self, probe: Probe, outcomes: list[Outcome], score: float) -> Status:
        if score >= probe.points:
            return "passed"
        if score > 0:
            return "partial"
        if probe.solution in self.blank and all(map(_is_untouched, outcomes)):
            return "not_attempted"
        cell_run = self.cell_runs.get(probe.solution, CellRun())
        if cell_run.status in ("timeout", "dead") or all(
            outcome.mistakes == ("timeout",) for outcome in outcomes
        ):
            return "timeout"
        if cell_run.status == "error":
            return "error"
        if all(outcome.raised is not None and outcome.raised["type"] == "Undefined" for outcome in outcomes):
            return "missing"
        return "failed"

    def _cell_fault(self, probe: Probe) -> Finding | None:
        """What kept the solution cell itself from running."""
        cell_run = self.cell_runs.get(probe.solution, CellRun())
        if cell_run.status in ("timeout", "dead"):
            return Finding("timeout", text("cells.timeout"))
        if cell_run.error is None:
            return None
        kind, message = cell_run.error
        place = f" {text('raised.line', line=cell_run.line)}" if cell_run.line else ""
        return Finding("raises", text("cells.raises", type=kind, place=place, message=message))


def _is_untouched(outcome: Outcome) -> bool:
    return outcome.mistakes == ("not_implemented",) or (
        outcome.raised is not None and outcome.raised["type"] == "Undefined"
    )


def _only_shows(cell: NotebookNode) -> bool:
    """Whether a released cell is marked as one whose result no later cell needs."""
    return not is_own(cell) and "skip-grading" in cell.metadata.get("tags", [])


def _needs_human(cell: NotebookNode, reason: str) -> CellVerdict:
    points = float(cell.metadata.nbgrader["points"])
    return CellVerdict(
        cell.metadata.nbgrader["grade_id"], 0.0, points, "needs_human", (Finding(None, reason),)
    )


def _summary(probe: Probe, outcomes: list[Outcome], verdict: CellVerdict) -> str:
    """What feedback shows under a test cell."""
    lines = [f"{'✓' if outcome.passed else '✗'} {title(probe, outcome.question.id)}" for outcome in outcomes]
    lines += [textwrap.fill(f"— {finding.message}", 96) for finding in verdict.findings]
    if verdict.status == "not_attempted":
        lines.append(text("cells.not_attempted"))
    return "\n".join(lines) + "\n"
