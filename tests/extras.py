"""What real files hold beside the functions, and right functions with such extras inserted."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import strategies as st

HARMLESS = [
    "x = 1",
    'print("hi")',
    "import numpy as np",
    '"""A long\n\ntext."""',
    "# only a comment",
    "import pandas_that_is_not_here as pd",
    "from sklearn_that_is_not_here.preprocessing import MinMaxScaler",
    "from keras.layers.core import Dense",
    "try:\n    import not_here_either\nexcept ImportError:\n    not_here_either = None",
    "from google.colab import drive\ndrive.mount('/content/drive')",
    "from google.colab import files\nuploaded = files.upload()",
    "import matplotlib\nmatplotlib.use('TkAgg')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "display(3)",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "get_ipython().system('pip install -q tensorflow')",
    "import asyncio\nawait asyncio.sleep(0)",
    "import random\nrandom.seed(0)",
    "if __name__ == '__main__':\n    raise SystemExit",
    "def helper(x):\n    return x",
    "class Own:\n    pass",
    "import warnings\nwarnings.filterwarnings('ignore')",
    "from __future__ import annotations",
    "%matplotlib inline",
    "%load_ext autoreload",
    "!pip install \\\n    tensorflow",
    "files_here = !ls",
    "%time y = sum(range(3))",
    "len?",
]
FAILING = [
    "1 / 0",
    "undefined_name",
    "exit()",
    "quit()",
    "import sys\nsys.exit(1)",
    "name = input('Name? ')",
    "open('data.csv')",
    "assert False",
    "raise KeyboardInterrupt",
    "raise BaseException('no')",
    "import signal\nsignal.raise_signal(signal.SIGINT)",
    "x = ",
    "print 'old'",
    "def broken(:\n    pass",
    "for n in range(3)\n    print(n)",
    "x = (1, 2",
    'text = """never closed',
    "return 3",
    "bytearray(10**15)",
    "from missing_module import *",
    "import not_here_at_all as pd\npd.read_csv('data.csv')",
    "import urllib.request\nurllib.request.urlopen('http://localhost:9/')",
    "import subprocess\nsubprocess.run(['no-such-program'], check=True)",
    "def forever(n):\n    return forever(n + 1)\nforever(0)",
    "@undefined\ndef decorated():\n    pass",
    "%cd /no/such/directory",
]
ENDLESS = ["while True: pass", "import time\ntime.sleep(1000)"]
EXTRAS = [*HARMLESS, *FAILING]

IMPORTS = "import numpy as np"
DOUBLE = 'def double(x):\n    """Return twice x."""\n    return 2 * np.asarray(x)'
FIRST = "def first(x):\n    '''Return\n\nthe first.'''\n    return float(x[0])"


@st.composite
def pieces(draw: st.DrawFn, extras: Sequence[str] = EXTRAS) -> list[str]:
    """Draw the parts of a right submission to the small exercise, with extras between them."""
    parts = [IMPORTS, DOUBLE, FIRST]
    for extra in draw(st.lists(st.sampled_from(extras), min_size=1, max_size=6)):
        parts.insert(draw(st.integers(0, len(parts))), extra)
    return parts


def as_file(parts: Sequence[str]) -> bytes:
    return ("\n\n".join(parts) + "\n").encode()


def as_notebook(parts: Sequence[str]) -> bytes:
    cells = [{"cell_type": "code", "source": part} for part in parts]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4, "metadata": {}}).encode()
