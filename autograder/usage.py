"""What the person at the keyboard can mend, in a module that loads nothing."""


class UsageError(Exception):
    """Something that the person at the keyboard can mend; the message is one line that says what and how."""
