"""What a student's notebook imports: checks, hints, plots and the given training tools."""

from ac_helpers.check import check, hint

__all__ = ["check", "hint"]
