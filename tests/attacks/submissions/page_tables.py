# Reads a byte here and there of a huge mapping: page tables grow, which are not resident memory.
# expect: 3 of 4
# takes its time
# outcomes: test_total=out_of_memory
import ctypes
import mmap

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_long,
]
NO_RESERVE = 0x4000


def total(x):
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE
    start = libc.mmap(None, 2**42, mmap.PROT_READ, flags, -1, 0)
    for place in range(0, 2**42, 2**21):
        ctypes.c_char.from_address(start + place).value
    return 0.0


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
