"""Confine one worker on Linux: its own namespaces, minimal mounts and no privileges.

The functions run in a newly forked process, before any learner code. The calls
and flags are those of unshare(2), mount(2), prctl(2) and capset(2).
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from grader.judge.worker import syscalls
from grader.judge.worker.lifetime import die_with_parent

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
_MS_REMOUNT, _MS_REC, _MS_PRIVATE = 0x20, 0x4000, 0x40000
_HIDDEN = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522

SCRATCH = "/scratch"
SCRATCH_BYTES = 64 * 2**20
_ROOM = f"size={SCRATCH_BYTES},nr_inodes=16384,mode=700"  # empty files also take memory


class NotConfined(OSError):
    """This machine refuses one of the confinement steps. The text names the system call."""


def _call(function: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        error = ctypes.get_errno()
        raise NotConfined(error, f"{function}: {os.strerror(error)}")


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    _call("mount", *encoded[:3], ctypes.c_ulong(flags), encoded[3])


def enter() -> None:
    """Leave the zygote's namespaces, so that children of this process see no other process."""
    uid, gid = os.getuid(), os.getgid()
    kinds = _CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWUTS | _CLONE_NEWIPC | _CLONE_NEWPID | _CLONE_NEWNET
    _call("unshare", kinds)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def wall_in() -> None:
    """Give this process an empty scratch directory and a minimal /proc, and drop all privileges.

    Call this in the first child after `enter`. All other mounts are already
    read-only. Raises NotConfined.
    """
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    _mount("tmpfs", SCRATCH, "tmpfs", _MS_NOSUID | _MS_NODEV, _ROOM)
    _mount("tmpfs", "/dev/shm", "tmpfs", _HIDDEN, _ROOM)
    # the next worker would see terminals created here
    _mount("tmpfs", "/dev/pts", "tmpfs", _HIDDEN | _MS_RDONLY, "size=4k,mode=755")
    _mount_little_proc()
    os.chdir(SCRATCH)
    drop_privileges()


def _mount_little_proc() -> None:
    """Cover /proc with the two files that TensorFlow needs to build its first model.

    A new proc file system would show only this worker, but inside bubblewrap the
    kernel does not let root mount one. Every worker therefore gets this cover.
    """
    _mount("tmpfs", "/proc", "tmpfs", _HIDDEN, "size=64k,mode=755")
    own = Path("/proc/self")
    own.mkdir()
    (own / "exe").symlink_to(sys.executable)
    (own / "cmdline").write_bytes(b"python\0")
    _mount(None, "/proc", None, _HIDDEN | _MS_REMOUNT | _MS_RDONLY)


def limit_capabilities() -> None:
    """Keep this process and its children from ever gaining a capability that they do not have."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def drop_privileges() -> None:
    """Empty every capability set, and prevent programs from gaining privileges."""
    limit_capabilities()
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_DUMPABLE, 1, 0, 0, 0)  # so that the supervisor can measure this process's memory
    die_with_parent()  # in case the supervisor is killed
    syscalls.forbid()
