"""A class of many learners with the score that each should get. The sound course is worth 4 points."""

from __future__ import annotations

import json
from pathlib import Path

from sound_course import SOLUTION, STARTER

EXERCISE = "exercise-x"
HEAD = "import numpy as np\n"
FIRST = "def first(x):\n    return float(x[0])\n"
SCALED = "def scaled(x, factor=2):\n    return np.asarray(x, dtype=float) * factor\n"
ADDS = "def scaled(x, factor=2):\n    return np.asarray(x, dtype=float) + factor\n"
SECOND = "def first(x):\n    return float(x[1])\n"

RIGHT = [
    SOLUTION,
    HEAD + SCALED + FIRST,
    HEAD + "scaled = lambda x, factor=2: np.array([v * factor for v in x])\n" + FIRST,
    HEAD + "class Tool:\n    def run(self, x, f):\n        return np.multiply(x, f)\n"
    "def scaled(x, factor=2):\n    return Tool().run(x, factor)\n" + FIRST,
    HEAD
    + "import warnings\ndef scaled(x, factor=2):\n    print('hello ' * 50)\n    warnings.warn('careful')\n"
    "    return factor * x\n" + FIRST,
    HEAD + "def scaled(x, factor=2):\n    total = np.zeros(len(x))\n    for i in range(len(x)):\n"
    "        total[i] = x[i] * factor\n    return total\n"
    "def first(x):\n    for value in x:\n        return float(value)\n",
    "import numpyy\n" + SOLUTION,
    "import sys\nsys.exit(0)\n" + SOLUTION,
]
PARTLY = [  # source, score
    (HEAD + ADDS + FIRST, 1.0),
    (HEAD + SCALED + SECOND, 3.0),
    (HEAD + ADDS + SECOND, 0.0),
    (
        HEAD + "def scaled(x, factor=2):\n    return np.array([9.0])\n" + FIRST,
        2.0,
    ),  # a memorized visible test
    (HEAD + SCALED, 3.0),
    (FIRST, 1.0),
    (HEAD + "def scaled(x):\n    return x * 2\n" + FIRST, 1.0),
    (HEAD + "def scaled(x, factor=2):\n    return list(np.asarray(x) * factor)\n" + FIRST, 1.0),
    (STARTER, 0.0),
]
BROKEN = [
    "def scaled(x, factor=2)\n    return x\n",
    "x = 1\n",
    "raise ValueError('no')\n",
    "(" * 300,
]
HOSTILE = [
    ("import os\nos._exit(0)\n", 0.0),
    (HEAD + "import os\ndef scaled(x, factor=2):\n    os._exit(0)\n" + FIRST, 1.0),
    (HEAD + "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n", 0.0),
    (HEAD + "def scaled(x, factor=2):\n    return scaled(x, factor)\n" + FIRST, 1.0),
    (HEAD + "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\n" + SCALED
     + FIRST, 4.0),
    (HEAD + "class Liar(np.ndarray):\n    def __eq__(self, other):\n        return True\n"
     "def scaled(x, factor=2):\n    return np.zeros(3).view(Liar)\n" + FIRST, 1.0),
]  # fmt: skip
UNREADABLE = [b"", b"\xff\xfe\x00", b"\0" * 100]


def write_class(root: Path, count: int = 200) -> dict[str, float]:
    """Write one directory per learner, and return the expected scores."""
    expected: dict[str, float] = {}
    kinds: list[tuple[str, float]] = [*((source, 4.0) for source in RIGHT), *PARTLY]
    kinds += [*((source, 0.0) for source in BROKEN), *HOSTILE]

    def submit(content: bytes, score: float, name: str = "exercise_x.py") -> None:
        learner = f"学生 {len(expected):03}"
        directory = root / learner
        directory.mkdir(parents=True)
        (directory / name).write_bytes(content)
        expected[learner] = score

    for raw in UNREADABLE:
        submit(raw, 0.0)
    submit(b"{", 0.0, "exercise_x.ipynb")
    for number in range(count - len(expected)):
        turn, kind = divmod(number, len(kinds))
        source, score = kinds[kind]
        if turn == 1:
            cells = [{"cell_type": "code", "metadata": {}, "source": part} for part in (source, "turn = 1")]
            made = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            submit(json.dumps(made).encode(), score, "exercise-x.ipynb")
        elif turn % 2:  # the same code, saved on another operating system
            submit(b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode(), score)
        else:
            submit(source.encode(), score)
    return expected
