"""A seccomp filter for one worker. System calls that could bypass its confinement fail with EPERM.

New namespaces would let a worker mount file systems of any size. Keyrings and
shared memory outlive the worker or escape its memory limit. The other calls expose
large parts of the kernel, and learner code never needs them. Buffers of sockets keep
their default size, and there are no datagrams between processes, so that the number of
descriptors bounds what the kernel holds for them (`family.py`). The numbers are those
of the kernel's syscall tables, and the instructions those of seccomp(2) and bpf(4).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# name: (x86_64, aarch64)
_FORBIDDEN = {
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "listen": (50, 201),  # connections that wait to be accepted have no descriptor
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "landlock_create_ruleset": (444, 444),  # one descriptor can hold megabytes of rules
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
_CLONE, _CLONE3, _PRCTL = (56, 220), 435, (157, 167)
_SOCKET, _SOCKETPAIR, _SETSOCKOPT = (41, 198), (53, 199), (54, 208)
_AF_UNIX, _SOCK_DGRAM, _TYPES, _SOL_SOCKET = 1, 2, 0xF, 1
_BUFFER_SIZES = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and both with FORCE
_NEW_NAMESPACES = 0x7E020000  # the CLONE_NEW… flags of clone(2)
_PR_SET_PDEATHSIG = 1  # a worker must end with its supervisor
_X32 = 0x40000000  # the bit that marks the x32 system calls on x86_64

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
# offsets in struct seccomp_data, little endian
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 24, 32
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid() -> bool:
    """Install the filter in this process and its future children. Requires no_new_privs.

    Returns False if the kernel has no seccomp or the architecture is not supported.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    code = b"".join(_instructions(machine))
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _instructions(machine: str) -> list[bytes]:
    column = list(_ARCHITECTURES).index(machine)
    refuse, no_such_call = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    program = [
        _one(_LOAD, _ARCHITECTURE),
        _one(_JUMP_EQUAL, _ARCHITECTURES[machine], yes=1),
        _one(_RETURN, _KILL),
        _one(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        program += [_one(_JUMP_AT_LEAST, _X32, no=1), _one(_RETURN, refuse)]
    for numbers in _FORBIDDEN.values():
        program += [_one(_JUMP_EQUAL, numbers[column], no=1), _one(_RETURN, refuse)]
    for call in (_SOCKET, _SOCKETPAIR):
        program += [
            _one(_JUMP_EQUAL, call[column], no=7),
            _one(_LOAD, _FIRST_ARGUMENT),
            _one(_JUMP_EQUAL, _AF_UNIX, no=4),
            _one(_LOAD, _SECOND_ARGUMENT),
            _one(_AND, _TYPES),
            _one(_JUMP_EQUAL, _SOCK_DGRAM, no=1),
            _one(_RETURN, refuse),
            _one(_RETURN, _ALLOW),
        ]
    program += [
        _one(_JUMP_EQUAL, _SETSOCKOPT[column], no=5 + len(_BUFFER_SIZES)),
        _one(_LOAD, _SECOND_ARGUMENT),
        _one(_JUMP_EQUAL, _SOL_SOCKET, no=1 + len(_BUFFER_SIZES)),
        _one(_LOAD, _THIRD_ARGUMENT),
        *(
            _one(_JUMP_EQUAL, size, yes=len(_BUFFER_SIZES) - place)
            for place, size in enumerate(_BUFFER_SIZES)
        ),
        _one(_RETURN, _ALLOW),
        _one(_RETURN, _REFUSE),  # without an error: it looks as if it had been done
    ]
    return [
        *program,
        # a filter cannot see the flags of clone3; the C library then falls back to clone
        _one(_JUMP_EQUAL, _CLONE3, no=1),
        _one(_RETURN, no_such_call),
        _one(_JUMP_EQUAL, _CLONE[column], no=3),
        _one(_LOAD, _FIRST_ARGUMENT),
        _one(_JUMP_ANY_BIT, _NEW_NAMESPACES, no=4),
        _one(_RETURN, refuse),
        _one(_JUMP_EQUAL, _PRCTL[column], no=2),
        _one(_LOAD, _FIRST_ARGUMENT),
        _one(_JUMP_EQUAL, _PR_SET_PDEATHSIG, yes=1),
        _one(_RETURN, _ALLOW),
        _one(_RETURN, refuse),
    ]


def _one(code: int, operand: int, yes: int = 0, no: int = 0) -> bytes:
    """Encode one instruction. `yes` and `no` are the numbers of instructions to skip."""
    return struct.pack("=HBBI", code, yes, no, operand)
