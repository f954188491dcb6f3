# Calls the judge's callable with millions of keyword arguments.
# expect: 3 of 4
# outcomes: test_total=passed test_twice=crashed
# takes its time
import contextlib
import os
import stat
import struct
import time

import numpy as np

COUNT = 7_900_000


def forge(body):
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                data = memoryview(struct.pack(">I", len(body)) + body)
                while data:
                    data = data[os.write(descriptor, data) :]
                return


def twice(f, x):
    words = np.full((COUNT, 8), 0xA6, np.uint8)
    words[:, 7] = 0xC0
    for letter in range(6):
        words[:, 1 + letter] = 97 + (np.arange(COUNT, dtype=np.int32) // 26**letter) % 26
    many = b"\xdf" + struct.pack(">I", COUNT) + words.tobytes()
    forge(b"\x84\xa1_\xa8Callback\xa2id\x00\xa4args\x90\xa6kwargs" + many)
    time.sleep(30)


def total(x):
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)
