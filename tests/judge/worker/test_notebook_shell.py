"""What a notebook may use: IPython's syntax, magics, shell lines, `display`, `Out` and Colab's modules."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from loading_undone import undo_loading  # noqa: F401

from grader.judge.wire.messages import Cell, Stop
from grader.judge.worker import surroundings
from grader.judge.worker.loading import Loader
from grader.judge.worker.notebook_shell import Translator, restored, without_magics


def load(*sources: str, name: str = "") -> tuple[ModuleType, list[Stop]]:
    """Load cells of a notebook, or a file if `name` is given."""
    cells = [Cell(name or f"code cell {n}", s, notebook=not name) for n, s in enumerate(sources, 1)]
    loader = Loader(60, 60)
    surroundings.prepare(loader.run)
    return loader.load(tuple(cells)), loader.stops


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline",
        "%matplotlib widget\nimport matplotlib.pyplot as plt",
        "%load_ext autoreload\n%autoreload 2",
        "%config InlineBackend.figure_format = 'retina'",
        "!pip install -q tensorflow",
        "!pip install \\\n   tensorflow \\\n   numpy",
        "%pip install numpy",
        "!apt-get -qq install graphviz && echo done",
        "%time total = sum(range(10))\ntotal",
        "%timeit -n1 -r1 sum(range(10))",
        "best = %timeit -o -q -n1 -r1 sum(range(10))\nbest.best",
        "%%timeit -n1 -r1\nsum(range(10))",
        "%%time\nx = 1",
        "%load_ext grader.notebook\n%check exercise-lstm --no-record",
        "%%check exercise-lstm\nx = 1",
        "%quiz day4",
        "get_ipython().run_line_magic('check', 'exercise-lstm')",
        "get_ipython().run_cell_magic('check', '', 'x = 1\\n')",
        "%%capture out\nprint('hi')\nout.show()",
        "%%bash\nls | wc",
        "%%html\n<b>bold</b>",
        "%%javascript\nalert(1)",
        "%%script bash\nls",
        "files = !ls\nfiles.n, len(files)",
        "text = 'a'\n!echo {text} $text",
        "len?",
        "?len",
        "len??",
        "%pwd",
        "pip install numpy",
        "from IPython import get_ipython\nget_ipython().run_line_magic('pwd', '')",
        "%env COLOR=red",
        "%env COLOR",
        "%who",
        "%lsmagic",
        "%precision 3",
        "%reset -f",
        "%no_such_magic with words",
        "%%no_such_magic\nwith words",
        "%tensorflow_version 2.x",
        ">>> x = 1\n>>> x + 1",
        "display('x', 3)",
        "from IPython.display import clear_output, display, HTML\nclear_output()\ndisplay(HTML('<b>'))",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().system('echo hi')",
        "get_ipython().magic('matplotlib inline')",
        "get_ipython().kernel.do_shutdown(True)",
        "get_ipython().set_next_input('x')",
        "import asyncio\nawait asyncio.sleep(0)",
        "async def three():\n    return 3\nx = await three()\nassert x == 3",
        "1 + 1\n",
        "#@title A form { display-mode: 'form' }\nunits = 50 #@param {type:'integer'}",
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "from google.colab import files\nuploaded = files.upload()\nfor name in uploaded: print(name)",
        "import google.colab as colab\ncolab.output.clear()",
        "from google.colab.patches import cv2_imshow\ncv2_imshow(3)",
        "from google.colab import auth, userdata\nauth.authenticate_user()\nkey = userdata.get('KEY')",
    ],
)
def test_what_a_notebook_uses_costs_nothing(source: str) -> None:
    module, stops = load("def f(): return 1", source, "def g(): return f() + 1")
    assert (module.g(), stops) == (2, [])


def test_outputs_of_earlier_cells_can_be_used() -> None:
    module, stops = load("3", "a = _ + Out[1]", "a", "b = (_, __, In[1], len(Out))")
    assert stops == [] and module.b == (6, 3, "3", 2)


def test_pylab_brings_its_names() -> None:
    module, stops = load("%pylab inline", "numbers = list(arange(3)) + list(np.ones(1))\nplt.close('all')")
    assert stops == [] and module.numbers == [0, 1, 2, 1.0]


def test_a_shell_line_has_a_value() -> None:
    module, stops = load("lines = !echo one; echo two", "now = %pwd")
    assert stops == [] and [*module.lines] == ["one", "two"] and module.now == str(Path.cwd())


def test_a_written_file_can_be_imported() -> None:
    module, stops = load("%%writefile tools.py\ndef double(x): return 2 * x", "from tools import double")
    assert stops == [] and module.double(4) == 8


def test_magics_keep_the_numbers_of_the_lines_after_them() -> None:
    _, [stop] = load("\n\n!echo one \\\n  two\n%time x = 1\n1 / 0")
    assert stop.line == 6
    _, [stop] = load("%%time\nx = 1\n1 / 0")
    assert stop.line == 3


def test_definitions_below_a_cell_magic_count() -> None:
    module, stops = load("%%time\n1 / 0\ndef f(): return 1")
    assert module.f() == 1 and len(stops) == 1


def test_a_checked_cell_is_the_same_code_in_every_file() -> None:
    body = "%matplotlib inline\nx = 2\n1 / 0\ndef f(): return x\nexit()\n"
    for sources, name in [
        ([f"%%check exercise-lstm\n{body}"], ""),
        ([f"get_ipython().run_cell_magic('check', 'exercise-lstm', {body!r})"], "my.py"),
        (["# Commented out IPython magic to ensure Python compatibility.\n# %%check\n# x = 2\n"
          "# 1 / 0\n# def f(): return x\n"], "my.py"),
    ]:  # fmt: skip
        module, stops = load(*sources, name=name)
        assert module.f() == 2 and stops[0].type == "ZeroDivisionError"


def test_help_and_magics_with_a_syntax_error_beside_them() -> None:
    module, [stop] = load("%matplotlib inline\nx = = 2\n!ls\ndef f(): return 1\nlen?")
    assert module.f() == 1 and stop.line == 2


# --- notebooks saved as .py ---

JUPYTER = """\
#!/usr/bin/env python
# coding: utf-8

# In[1]:


get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install -q tensorflow')


# In[ ]:


get_ipython().run_cell_magic('writefile', 'tools.py', 'def double(x): return 2 * x\\n')


# In[3]:


from tools import double


# In[4]:


get_ipython().run_cell_magic('time', '', 'def f(): return double(4)\\n')
"""
COLAB = '''\
# -*- coding: utf-8 -*-
"""Untitled.ipynb

Automatically generated by Colab.
"""

# Commented out IPython magic to ensure Python compatibility.
import math
# %matplotlib inline
!pip install -q tensorflow

# Commented out IPython magic to ensure Python compatibility.
# %%writefile tools.py
# def double(x):
#     return 2 * x
#
# three = 3

from tools import double

# Commented out IPython magic to ensure Python compatibility.
# %%time
# def f():
#     return double(4)

undefined_name
'''
CODE = """\
# %%
%matplotlib inline
# %% [markdown]
# Some text
# %%
%%writefile tools.py
def double(x): return 2 * x
# %%
from tools import double
!ls
# %%
def f(): return double(4)
"""


@pytest.mark.parametrize(
    ("source", "failing"), [(JUPYTER, 0), (COLAB, 1), (CODE, 0)], ids=["Jupyter", "Colab", "VS Code"]
)
def test_a_notebook_saved_as_py_runs_like_the_notebook(source: str, failing: int) -> None:
    module, stops = load(source, name="my.py")
    assert module.f() == 8 and len(stops) == failing


def test_what_colab_commented_out_is_restored_in_place() -> None:
    assert restored(COLAB).count("\n") == COLAB.count("\n")
    _, [stop] = load(COLAB, name="my.py")
    assert (stop.type, stop.line) == ("NameError", COLAB.count("\n"))
    assert restored("# %matplotlib inline\n") == "# %matplotlib inline\n"  # not from Colab


# --- without IPython ---


@pytest.fixture
def no_ipython(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "IPython", None)


@pytest.mark.usefixtures("no_ipython")
def test_without_ipython_its_syntax_is_left_out() -> None:
    source = "%matplotlib inline\n!pip install \\\n  numpy\n%time x = 1\nmath?\n%%no\n"
    module, stops = load(
        "import math", source.replace("%%no\n", ""), "get_ipython().run_line_magic('who', '')"
    )
    assert module.x == 1 and stops == []
    translator = Translator()
    translator("%matplotlib inline")
    assert translator.was_missing


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("x = 1\n!pip install numpy\ny = 2", "x = 1\npass\ny = 2"),
        ("!pip install \\\n  numpy\ny = 2", "\npass\ny = 2"),
        ("files = !ls", "pass"),
        ("now = %time", "pass"),
        ("?len", "pass"),
        ("len?", "pass"),
        ("len??", "pass"),
        ("if True:\n    %time\ny = 1", "if True:\n    pass\ny = 1"),
        ("def f():\n    !ls\n    return 1", "def f():\n    pass\n    return 1"),
        ("%%bash\nls | wc", ""),
        ("\n%%writefile a.py\nx = 1", ""),
        ("%time x = f(1)", "x = f(1)"),
    ],
)
def test_magics_and_shell_lines_are_blanked_out(cell: str, kept: str) -> None:
    assert without_magics(cell) == kept


@pytest.mark.parametrize(
    "code",
    [
        "x = (7\n% 3)",
        "text = '''\n%matplotlib inline\n!ls\n'''",
        "x = 7 \\\n  % 3",
        "# really?\nx = 1",
        "x != 3",
        "'what?'",
    ],
)
def test_python_that_only_looks_like_magic_stays(code: str) -> None:
    assert without_magics(code) == Translator()(code) == code


def test_a_mistake_beside_a_magic_stays_a_mistake() -> None:
    assert without_magics("%matplotlib inline\nx = = 2") == "pass\nx = = 2"


# --- matplotlib ---


@pytest.mark.parametrize(
    "backend", ["TkAgg", "Qt5Agg", "QtAgg", "GTK3Agg", "MacOSX", "nbAgg", "WebAgg", "WXAgg"]
)
def test_an_interactive_backend_draws_without_a_screen(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("matplotlib.backends.backend_")]:
        if not name.endswith("agg") or "tk" in name or "qt" in name:  # imported by another test
            monkeypatch.delitem(sys.modules, name)
    source = (
        f"import matplotlib\nmatplotlib.use('{backend}')\nimport matplotlib.pyplot as plt\n"
        f"plt.switch_backend('{backend}')\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\n"
        "figure.canvas.draw()\nplt.close('all')"
    )
    import matplotlib

    before = matplotlib.get_backend()
    try:
        assert load(source)[1] == []
    finally:
        matplotlib.use(before)
