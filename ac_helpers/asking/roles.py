"""How the leaves of a computation are used: added to something, or multiplied with it."""

from __future__ import annotations

from typing import Any

import torch

ADDED, MULTIPLIED = "added", "multiplied"

_ROLES = {
    "Add": (ADDED, ADDED),
    "Sub": (ADDED, ADDED),
    "Rsub": (ADDED, ADDED),
    "Addmm": (ADDED, MULTIPLIED, MULTIPLIED),
    "Addmv": (ADDED, MULTIPLIED, MULTIPLIED),
    "Addbmm": (ADDED, MULTIPLIED, MULTIPLIED),
    "Baddbmm": (ADDED, MULTIPLIED, MULTIPLIED),
    "Addcmul": (ADDED, MULTIPLIED, MULTIPLIED),
    "Mul": (MULTIPLIED, MULTIPLIED),
    "Div": (MULTIPLIED, MULTIPLIED),
    "Mm": (MULTIPLIED, MULTIPLIED),
    "Mv": (MULTIPLIED, MULTIPLIED),
    "Bmm": (MULTIPLIED, MULTIPLIED),
    "Dot": (MULTIPLIED, MULTIPLIED),
}
"""Of the inputs of an operation, in their order."""

_SAME_NUMBERS = frozenset(
    [
        "Expand",
        "View",
        "UnsafeView",
        "ReshapeAlias",
        "Alias",
        "Unsqueeze",
        "Squeeze",
        "T",
        "Transpose",
        "Permute",
        "Clone",
        "ToCopy",
        "Select",
        "Slice",
        "Split",
        "Unbind",
        "Stack",
        "Cat",
        "Repeat",
    ]
)
"""Operations that give the numbers that they got, in another shape."""


def roles_of(*outputs: torch.Tensor) -> dict[int, str | None]:
    """What becomes of each leaf that outputs have a gradient in, by its identity.

    "added", "multiplied", or None where it is used in both ways or in another one.
    """
    found: dict[int, set[str | None]] = {}
    ahead: list[tuple[Any, str | None]] = [(output.grad_fn, None) for output in outputs]
    seen = set()
    while ahead:
        function, role = ahead.pop()
        if function is None or (function, role) in seen:
            continue
        seen.add((function, role))
        if hasattr(function, "variable"):
            found.setdefault(id(function.variable), set()).add(role)
            continue
        operation = function.name().partition("Backward")[0]
        for place, (earlier, _) in enumerate(function.next_functions):
            roles = _ROLES.get(operation, ())
            kept = role if operation in _SAME_NUMBERS else None
            ahead.append((earlier, roles[place] if place < len(roles) else kept))
    return {leaf: next(iter(roles)) if len(roles) == 1 else None for leaf, roles in found.items()}
