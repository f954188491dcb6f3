"""Isolation: the working directory and the environment reach neither the judge nor the worker."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from corpus import sampled
from judging import course_command
from small import RIGHT, write_small_course

TRAP = """\
import pathlib
pathlib.Path(__file__).with_name('caught').write_text({name!r})
raise SystemExit({name!r})
"""
FILES = (
    "conftest.py numpy.py grader/__init__.py sitecustomize.py usercustomize.py pytest.py msgspec.py yaml.py"
    " keras/__init__.py tensorflow/__init__.py submission.py json.py"
).split()
PEEK = RIGHT.replace(
    "return 2 *",
    "import os, sys\n"
    "    print(sorted(os.environ), os.environ['KERAS_BACKEND'], sys.path, os.getcwd())\n"
    "    return 3 *",
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory full of files that Python or pytest would load."""
    here = tmp_path_factory.mktemp("trapped")
    for name in FILES:
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(TRAP.format(name=name))
    (here / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\npython_functions = nothing\n")
    (here / "tox.ini").write_text("[pytest]\naddopts = --nonsense\n")
    (here / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--nonsense'\n")
    (here / "keras.json").write_text('{"floatx": "float16", "backend": "torch", "epsilon": 3}')
    (here / ".keras").mkdir()
    (here / ".keras/keras.json").write_text((here / "keras.json").read_text())
    (here / "matplotlibrc").write_text("backend: nonsense\n")
    (here / "a.py").write_text(RIGHT)
    (here / "peek.py").write_text(PEEK)
    return here


def environment(here: Path) -> dict[str, str]:
    return {
        "PYTEST_ADDOPTS": "--nonsense -k nothing",
        "PYTEST_PLUGINS": "nothing_like_this",
        "KERAS_HOME": str(here),
        "KERAS_BACKEND": "torch",
        "MPLCONFIGDIR": str(here),
        "PYTHONSTARTUP": str(here / "conftest.py"),
        "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "error",
        "HOME": str(here),
        "SECRET_TOKEN": "do-not-tell",
    }


def checked(course: Path | None, here: Path, file: str, **env: str) -> dict[str, Any]:
    which = [] if course is None else ["--course", str(course)]
    exercise = "exercise-lstm" if course is None else "exercise-x"
    done = course_command(*which, "check", exercise, file, "--json", cwd=here, **env)
    assert not (here / "caught").exists(), (here / "caught").read_text()
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_files_beside_the_submission_do_not_change_a_verdict(
    course: Path, trapped: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text(RIGHT)
    plain = checked(course, tmp_path, "a.py")
    assert (plain["score"], plain["max_score"]) == (4, 4)
    for env in ({}, environment(trapped)):
        assert checked(course, trapped, "a.py", **env)["tests"] == plain["tests"]


TRAPS = ["numpy.py", "pytest.py", "tensorflow/__init__.py", "submission.py"]


# the judge would import the first one, the worker the other
@pytest.mark.parametrize("name", sampled({name: name for name in TRAPS}, few=["pytest.py"]))
def test_pythonpath_reaches_neither_judge_nor_worker(course: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(TRAP.format(name=name))
    (tmp_path / "a.py").write_text(RIGHT)
    for path in (".", str(tmp_path)):
        assert checked(course, tmp_path, "a.py", PYTHONPATH=path)["score"] == 4


def test_the_worker_sees_neither_the_user_s_variables_nor_directories(course: Path, trapped: Path) -> None:
    report = checked(course, trapped, "peek.py", **environment(trapped), PYTHONPATH=os.devnull)
    shown = next(test["message"] for test in report["tests"] if test["visible"])
    assert "printed:" in shown and "] tensorflow [" in shown
    for hidden in ("SECRET_TOKEN", str(trapped), "COURSE_HOME", "PYTEST", "PYTHONPATH", "KERAS_HOME"):
        assert hidden not in shown


@pytest.mark.exhaustive
def test_keras_settings_do_not_affect_a_model(trapped: Path) -> None:
    (trapped / "lstm.py").write_text(
        "import keras\n"
        "def build_lstm_model(seq_length, units=50, n_features=1, learning_rate=1e-3):\n"
        "    model = keras.Sequential([keras.Input((seq_length, n_features)), keras.layers.LSTM(units),\n"
        "                              keras.layers.Dense(1)])\n"
        "    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss='mse')\n"
        "    return model\n"
    )
    assert checked(None, trapped, "lstm.py", **environment(trapped))["score"] == 3
