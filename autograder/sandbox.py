"""How the student's code is confined: the place where a sandbox goes around the kernel's process."""

from __future__ import annotations

from autograder.usage import UsageError

NOT_CONFINED = (
    "submissions run in a kernel of their own, but with the rights of this user: "
    "grade only notebooks that you trust (--sandbox none says that you know)"
)


def warning(choice: str) -> str | None:
    """What the person who grades has to know about this choice, None if nothing.

    Raises:
        UsageError: code cannot be confined this way.
    """
    if choice == "bwrap":
        raise UsageError(
            "the bwrap sandbox is not built yet: use --sandbox none, with submissions that you trust"
        )
    return NOT_CONFINED if choice == "auto" else None
