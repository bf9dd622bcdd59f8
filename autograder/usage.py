"""What the person at the keyboard can mend; it loads nothing, so that a slip is told of at once."""


class UsageError(Exception):
    """Something that the person at the keyboard can mend; the message is one line that says what and how."""
