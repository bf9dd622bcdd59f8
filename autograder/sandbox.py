"""How the student's code is confined: what a choice on the command line means on this machine."""

from __future__ import annotations

import os
from functools import cache

from autograder import confine
from autograder.room import PROGRAM, Limits, NoRoom, Room, is_installed
from autograder.usage import UsageError
from autograder.warm import is_available

VARIABLE = "AUTOGRADER_SANDBOX"
"""In the environment it says what "auto" means, for tools that start the grader without its command line."""

NOT_CONFINED = (
    "--sandbox none: submissions run with the rights of this user. One of them can read other submissions, "
    "the solutions and the gradebook, reach the network and leave processes behind: grade only notebooks "
    "that you trust"
)
REFUSED = (
    "code of strangers cannot be confined here: {reason}. Or use --sandbox none, for notebooks that you trust"
)
NOT_LINUX = "rooms need Linux 5.8 or newer; grade in a virtual machine that has it"
NOT_INSTALLED = f"{PROGRAM} is not installed (on Debian and Ubuntu: apt-get install bubblewrap)"
NO_FILTER = "the library libseccomp is missing (on Debian and Ubuntu: apt-get install libseccomp2)"
FORBIDDEN = (
    "{said}. The system forbids namespaces; allow them (sysctl -w kernel.unprivileged_userns_clone=1, on "
    "Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0; in Docker: --cap-add SYS_ADMIN "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined)"
)


def is_confined(choice: str) -> bool:
    """Whether kernels live in rooms of their own.

    Raises:
        UsageError: they should, and the machine does not allow it; the message says what to do.
    """
    if choice == "auto":
        choice = os.environ.get(VARIABLE, choice)
    if choice == "none":
        return False
    reason = obstacle()
    if reason is not None:
        raise UsageError(REFUSED.format(reason=reason))
    return True


def warning(choice: str) -> str | None:
    """What the person who grades has to know about this choice, None if nothing."""
    return None if is_confined(choice) else NOT_CONFINED


@cache
def obstacle() -> str | None:
    """What keeps this machine from making rooms and what to do about it, None if it can make them."""
    if not is_available():
        return NOT_LINUX
    if not is_installed():
        return NOT_INSTALLED
    if confine.pyseccomp is None:
        return NO_FILTER
    try:
        Room(Limits()).close()
    except NoRoom as problem:
        return FORBIDDEN.format(said=" ".join(str(problem).split()))
    return None
