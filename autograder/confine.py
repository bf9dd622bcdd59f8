"""What a forked process does to itself before a student's code runs in it: it moves into a room and gives up
everything that it could do to others.

Loaded by the zygote by its path; it knows nothing of the grader. Namespaces are made by bubblewrap (room.py),
the filter of system calls by libseccomp; here they are entered and loaded.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
from typing import Any

try:
    import pyseccomp
except (ImportError, OSError, RuntimeError):  # the library is missing; then nothing is confined at all
    pyseccomp = None

CLONE_NEWUSER = 0x10000000
ROOM = {
    "mnt": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
"""The namespaces of a room beside the user's, as `setns` wants them (linux/sched.h)."""

PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 24, 36, 38
CAPABILITY_VERSION_3 = 0x20080522

_FORBIDDEN = (
    # other namespaces and other views of the file system
    "unshare setns mount umount2 pivot_root chroot open_by_handle_at name_to_handle_at "
    "fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr "
    # memory that belongs to no process, and so to nobody's limit
    "memfd_create memfd_secret shmget "
    # other processes
    "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd "
    "move_pages migrate_pages mbind set_mempolicy get_mempolicy "
    # the kernel itself, and parts of it with a long history of holes
    "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "add_key request_key keyctl kexec_load kexec_file_load init_module finit_module delete_module "
    "fanotify_init lookup_dcookie vmsplice modify_ldt vhangup uselib "
    # the machine
    "reboot swapon swapoff acct quotactl quotactl_fd syslog iopl ioperm settimeofday "
    "clock_settime clock_adjtime adjtimex sethostname setdomainname nfsservctl"
)
FORBIDDEN = tuple(_FORBIDDEN.split())
"""System calls that no notebook needs; a kernel or an architecture that lacks one has nothing to forbid."""

FAMILIES = (1, 2, 10, 16)
"""Unix, IPv4, IPv6 and netlink sockets. There is nobody at the other end of those of the Internet; the last
kind tells ZeroMQ which network there is, namely none, and is good for nothing else."""

TIOCSTI, TIOCLINUX = 0x5412, 0x541C

_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """Children of children whose parent has ended become children of this process."""
    _call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def enter(room: int, own_user: bool) -> None:
    """Moves this process into the namespaces of the process that a pidfd stands for.

    The process itself stays where it is in the tree of processes; its next child is inside.

    Raises:
        OSError: the system does not allow it.
    """
    namespaces = sum(ROOM.values()) | (CLONE_NEWUSER if own_user else 0)
    _call("setns", room, namespaces)


def give_up(limits: dict[str, int], uid: int | None) -> None:
    """Gives up rights, system calls and resources, for this process and all that come of it.

    Args:
        limits: the hard limits, by the names of `resource` ("AS", "NPROC").
        uid: the user to become first, for who is the superuser outside; None to stay who one is.
    """
    if uid is not None:
        _become(uid)
    _drop_capabilities()
    for name, limit in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        resource.setrlimit(kind, (limit, limit))
    _filter().load()
    # Without this /proc/self belongs to the superuser and a process cannot even read its own files there.
    _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)


def _become(uid: int) -> None:
    """Another user, in a user namespace where there is nobody else."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)
    _call("unshare", CLONE_NEWUSER)
    for file, text in (("setgroups", "deny"), ("uid_map", f"1000 {uid} 1"), ("gid_map", f"1000 {uid} 1")):
        with open(f"/proc/self/{file}", "w", encoding="ascii") as map_file:
            map_file.write(text)


def _drop_capabilities() -> None:
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 and ctypes.get_errno() == errno.EINVAL:
            break
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", header, nothing)


def _filter() -> Any:
    """What is forbidden fails as if it were not permitted, or as if the kernel did not know it."""
    not_permitted, unknown = pyseccomp.ERRNO(errno.EPERM), pyseccomp.ERRNO(errno.ENOSYS)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in FORBIDDEN:
        _forbid(rules, not_permitted, name)
    for first in (TIOCSTI, TIOCLINUX):
        _forbid(rules, not_permitted, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, first))
    _forbid(
        rules, not_permitted, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER)
    )
    # Its flags lie behind a pointer, which a filter cannot follow; the C library falls back to clone.
    _forbid(rules, unknown, "clone3")
    below = 0
    for family in FAMILIES:
        for other in range(below, family):
            _forbid(rules, not_permitted, "socket", pyseccomp.Arg(0, pyseccomp.EQ, other))
        below = family + 1
    _forbid(rules, not_permitted, "socket", pyseccomp.Arg(0, pyseccomp.GE, below))
    netlink, other_than_routes = pyseccomp.Arg(0, pyseccomp.EQ, 16), pyseccomp.Arg(2, pyseccomp.GT, 0)
    _forbid(rules, not_permitted, "socket", netlink, other_than_routes)
    return rules


def _forbid(rules: Any, action: int, name: str, *arguments: Any) -> None:
    try:
        number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    except OSError:
        return
    if number >= 0:
        rules.add_rule(action, number, *arguments)


def _call(name: str, *arguments: Any) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
