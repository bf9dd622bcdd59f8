"""How a known mistake is written down: a wrong version of a name, with the mistake's id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

Defined = TypeVar("Defined", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mistake:
    """A wrong version of one name of a solution cell.

    Attributes:
        id: names the mistake; its Russian hint is the message `mistakes.<id>`.
        variant: the id, and `#2`, `#3`... for further versions of the same mistake.
        name: the global name that it defines wrongly.
        value: the wrong function or class.
    """

    id: str
    variant: str
    name: str
    value: Any

    @property
    def is_first(self) -> bool:
        """Whether it is the first version of its mistake."""
        return self.variant == self.id


class Bank:
    """The mistakes that one test cell looks for, collected by decorating the wrong versions.

    The class statement or function under the decorator carries the name that the solution cell defines:

        @BANK.mistake("argmin")
        def select_action_eps_greedy(Q, state, epsilon): ...
    """

    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []

    def mistake(self, mistake_id: str) -> Callable[[Defined], Defined]:
        """Adds what it decorates as a version of the mistake."""

        def add(value: Defined) -> Defined:
            earlier = sum(mistake.id == mistake_id for mistake in self._mistakes)
            variant = mistake_id if earlier == 0 else f"{mistake_id}#{earlier + 1}"
            self._mistakes.append(Mistake(mistake_id, variant, value.__name__, value))
            return value

        return add

    def in_pieces(self, right: InPieces) -> Callable[..., None]:
        """What adds a mistake, given its id and the methods that it replaces in the right function."""

        def add(mistake_id: str, **pieces: Callable[..., Any]) -> None:
            self.mistake(mistake_id)(right.with_pieces(**pieces))

        return add

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._mistakes)


class InPieces:
    """A function made of methods, of which a mistake replaces some; a subclass says what it is called as.

    Attributes:
        __name__: the name that the solution cell defines.
    """

    __name__: str

    def with_pieces(self, **pieces: Callable[..., Any]) -> Any:
        """The same function but for these methods."""
        return type("Wrong", (type(self),), pieces)()


def together(first: Mistake, second: Mistake) -> dict[str, Any] | None:
    """The names of a version that makes both mistakes; None where they are about the same thing."""
    if first.id == second.id:
        return None
    if first.name != second.name:
        return {first.name: first.value, second.name: second.value}
    one, other = _class_of(first.value), _class_of(second.value)
    if one is None or other is None or _overrides(one) & _overrides(other):
        return None
    try:
        both = type(first.name, (one, other), {})
    except TypeError:
        return None
    return {first.name: both if isinstance(first.value, type) else both()}


def _class_of(wrong: Any) -> type | None:
    """The class whose methods are the pieces of a wrong version, if it has any."""
    if isinstance(wrong, type):
        return wrong
    return type(wrong) if isinstance(wrong, InPieces) else None


def _overrides(wrong: type) -> set[str]:
    """The methods that a wrong version defines itself."""
    return {name for name, value in vars(wrong).items() if callable(value)}
