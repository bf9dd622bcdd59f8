"""What the source of a cell defines and uses, and whether two sources are the halves of one cell."""

from __future__ import annotations

import ast
import codeop
import hashlib
import re
import symtable
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from IPython.core.inputtransformer2 import TransformerManager

MAX_PARSED = 200_000
"""Characters of a cell that is parsed; a longer one is searched for lines that begin a definition."""
MAX_TRANSFORMED = 20_000
"""Characters of a cell in which magics are looked for: IPython reads all of it anew for each of them."""
MAX_MAGICS = 50

_DEFINITION = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_MAGIC_LINE = re.compile(r"^[ \t]*[%!?,;/]|\?[ \t]*$|=[ \t]*[%!]", re.MULTILINE)
_RUNS_ITS_BODY = re.compile(r"\s*%%(?:time|capture|prun)\b[^\n]*(?:\n|\Z)")
_ALLOW_UNFINISHED: int = codeop.PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Code:
    """The source of a cell, read but not run.

    Attributes:
        source: the text.
        meaning: for every name that it binds at its outermost level the function or class that the name
            stands for in the end, in a form that comments do not change; "" for anything else.
        uses: names that it reads and that are not local to a function.
        runs: whether Python, with IPython's magics, can make sense of it.
        unfinished: whether it cannot, but could if more lines followed.
        patches: whether it does what cannot be told by name: `import *`, attributes of other things, files.
    """

    source: str
    meaning: Mapping[str, str]
    uses: frozenset[str] = frozenset()
    runs: bool = False
    unfinished: bool = False
    patches: bool = False

    @property
    def makes_sense(self) -> bool:
        """Whether it is right so far."""
        return self.runs or self.unfinished

    @property
    def names(self) -> frozenset[str]:
        """The names that it binds at its outermost level."""
        return frozenset(self.meaning)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with something on them, which is what counts when a cell is compared with another."""
        return code_lines(self.source)

    @property
    def begins_indented(self) -> bool:
        """Whether its first line with something on it is indented."""
        return bool(self.lines) and self.lines[0][0] in " \t"


def code_lines(source: str) -> tuple[str, ...]:
    """The lines of a source that are not blank, without what trails them."""
    return tuple(line.rstrip() for line in source.split("\n") if line.strip())


@lru_cache(maxsize=512)
def read_code(source: str) -> Code:
    """Reads a source. Magics and shell lines are no obstacle, and nothing that it holds is an error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text, tree = _parse(source)
            meaning = {name: _fingerprint(node) if node else "" for name, node in _bindings(tree)}
            uses, runs = _globals_used(text), _compiles(tree)
            patches = _patches(tree) or source.lstrip().startswith("%%writefile")
            return Code(source, MappingProxyType(meaning), uses, runs, patches=patches)
    except Exception:  # Python's parser and IPython's each have a way of their own to give up
        names = dict.fromkeys(_DEFINITION.findall(source), "")
        return Code(source, MappingProxyType(names), unfinished=_is_unfinished(source))


def _parse(source: str) -> tuple[str, ast.Module]:
    """The source without magics, and what it says."""
    if len(source) > MAX_PARSED:
        raise ValueError("too long to be parsed")
    try:
        return source, ast.parse(source)
    except SyntaxError:
        if len(source) > MAX_TRANSFORMED or len(_MAGIC_LINE.findall(source)) > MAX_MAGICS:
            raise
        # These cell magics run the rest of the cell as if they were not there; others do not.
        body = _RUNS_ITS_BODY.sub("", source, count=1) if _RUNS_ITS_BODY.match(source) else source
        text = TransformerManager().transform_cell(body)
        return text, ast.parse(text)


def without_magics(source: str) -> str:
    """A source without the lines that are nothing but a magic or a shell command."""
    return re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE)


def _patches(tree: ast.Module) -> bool:
    star = any(
        alias.name == "*"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    targets = (target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets)
    return star or any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)


def _fingerprint(node: ast.stmt) -> str:
    return hashlib.sha256(ast.dump(node).encode("utf-8", "replace")).hexdigest()


def _globals_used(text: str) -> frozenset[str]:
    used: set[str] = set()
    pending = [symtable.symtable(text, "<cell>", "exec")]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        used |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        }
    return frozenset(used)


def _compiles(tree: ast.Module) -> bool:
    """Finds what the parser lets pass, such as a `return` that has lost its function."""
    try:
        compile(tree, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except Exception:  # Python's parser and IPython's each have a way of their own to give up
        return False
    return True


def _is_unfinished(source: str) -> bool:
    if len(source) > MAX_PARSED:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | _ALLOW_UNFINISHED)
    except SyntaxError as problem:
        return str(problem.msg).startswith("incomplete input")
    except (ValueError, RecursionError, MemoryError):
        return False
    return False


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.stmt | None]]:
    """Names in the order in which they are bound, also under `if`, `try` and the like."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name.split(".")[0], None) for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from ((name, None) for name in _targets(node))
        else:
            yield from ((name, None) for name in _loop_names(node))
            inner = (ast.stmt, ast.ExceptHandler, ast.match_case)
            pending += [child for child in ast.iter_child_nodes(node) if isinstance(child, inner)][::-1]


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if node.value else []
    for target in targets:
        yield from _names_of(target)


def _loop_names(node: ast.AST) -> Iterator[str]:
    """The names that a loop or a `with` binds."""
    if isinstance(node, ast.For | ast.AsyncFor):
        yield from _names_of(node.target)
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _names_of(item.optional_vars)


def _names_of(target: ast.expr) -> Iterator[str]:
    for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
        if isinstance(part, ast.Name):
            yield part.id


def joined(first: Code, second: Code, wanted: frozenset[str], *, same_id: bool) -> Code | None:
    """The two as one cell, where the second is the rest of a cell that was cut in two; else None.

    The cut shows in one of three ways. Whichever it is, what comes out may be unfinished, if there was one
    more cut, but it must make sense so far, define all wanted names that the second half defines, and not
    bring anything into the body of a class that has to be run.

    - The second begins indented.
    - The first ends with an indentation and nothing after it: the cursor stood before the text of a line.
    - One of them makes no sense alone.
    """
    lines = read_code(f"{first.source.rstrip()}\n{second.source}")
    glued = read_code(first.source + second.source)
    if second.begins_indented:
        found = lines if same_id or lines.makes_sense else None
    elif glued.makes_sense and _is_cut_at_indentation(first, second, same_id=same_id):
        found = glued
    elif first.runs and second.runs:
        found = None
    else:
        found = next((whole for whole in (lines, glued) if whole.makes_sense), None)
    fits = found is not None and second.names & wanted <= found.names and _fits_class(first, found)
    return found if fits else None


def _fits_class(first: Code, whole: Code) -> bool:
    """Whether the last class, if the cell ends with one, got only what does nothing when it is defined.

    IPython runs a cell that is indented as a whole, so such a cell may as well be one of its own.
    """
    before, after = _last_body(first), _last_body(whole)
    return all(_does_nothing(statement) for statement in after[len(before) :])


def _last_body(code: Code) -> list[ast.stmt]:
    try:
        last = _parse(code.source)[1].body[-1]
    except Exception:  # as above, or there is nothing in it
        return []
    return last.body if isinstance(last, ast.ClassDef) else []


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Pass)


def _is_cut_at_indentation(first: Code, second: Code, *, same_id: bool) -> bool:
    """Whether the first half ends with the indentation of the second one's first line.

    A cell may end like that by chance, with another one after it that runs alone. What has lost its id then
    belongs to the first only if the lines after its first are indented deeper than they could be alone.
    """
    indentation = first.source.rpartition("\n")[2]
    if not indentation or indentation.strip():
        return False
    depths = [len(line) - len(text) for line in second.lines if (text := line.lstrip())[0] != "#"]
    deeper = next((depth for depth in depths if depth), None)
    if not second.runs or deeper is None:
        return same_id or not second.runs
    return deeper > len(indentation)
