"""Collecting the learner's own modules beside a submission."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.judge.helper_files import MAX_FILES, MAX_PATHS, Read, imported_files, in_directory, with_helpers
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell


def submission(*sources: str) -> Submission:
    return Submission("a.py", tuple(Cell("a.py", source) for source in sources))


def collected(sources: Mapping[str, str], *code: str) -> list[str]:
    """Return the paths of the helper modules that this code has, among these files."""

    def find(path: str) -> Read | None:
        return (lambda: sources[path].encode()) if path in sources else None

    found = with_helpers(submission(*code), find)
    assert not found.notes
    assert all(file.source == sources[file.path] for file in found.files)
    return [file.path for file in found.files]


FLAT = {"tools.py": "import deep", "deep.py": "import tools", "unused.py": "", "a.py": "", "numpy.txt": ""}
PACKAGE = {
    "pkg/__init__.py": "from . import one",
    "pkg/one.py": "from .two import x",
    "pkg/two.py": "from ..outside import y\nfrom ... import z\nfrom .sub.deep import w",
    "pkg/sub/deep.py": "",
    "pkg/three.py": "",
    "outside.py": "",
    "plain/four.py": "",
}


@pytest.mark.parametrize(
    "code",
    [
        "import tools",
        "import numpy as np, tools as t",
        "from tools import f",
        "from .tools import f",
        "from . import tools",
        "from tools import *",
        "from tools import (f,\n    g)",
        "from tools import \\\n    f",
        "try:\n    import tools  # mine\nexcept ImportError: pass",
        "def f():\n\tfrom tools import g; return g",
        "x = 1; import tools",
        "if True: import tools",
        "%matplotlib inline\n!pip install x\nimport tools\ndef broken(:\n",
        "import tools\r\n",
    ],
)
def test_imports_are_followed_from_module_to_module(code: str) -> None:
    assert collected(FLAT, code) == ["tools.py", "deep.py"]


@pytest.mark.parametrize(
    "code", ["", "import tool", "# import tools", "important tools", "from toolsx import a"]
)
def test_what_is_not_imported_is_left_out(code: str) -> None:
    assert collected(FLAT, code) == []


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("import pkg", ["pkg/__init__.py", "pkg/one.py", "pkg/two.py", "pkg/sub/deep.py", "outside.py"]),
        ("from pkg import three", ["pkg/__init__.py", "pkg/three.py"]),
        ("from pkg import (three,  # a\n  missing)", ["pkg/__init__.py", "pkg/three.py"]),
        ("import pkg.three as t", ["pkg/__init__.py", "pkg/three.py"]),
        ("import plain.four", ["plain/four.py"]),
        ("from plain import four", ["plain/four.py"]),
    ],
)
def test_packages_and_their_modules_are_found(code: str, files: list[str]) -> None:
    assert {*files} <= {*collected(PACKAGE, code)}


def test_a_relative_import_stays_inside() -> None:
    assert "outside.py" in collected(PACKAGE, "import pkg")  # pkg/two.py asks for ..outside
    assert [*imported_files("from ...x import y", "pkg/two.py")] == []
    assert [*imported_files("from ..x import y", "two.py")] == []


@given(st.text(), st.sampled_from(["", "a.py", "a/b.py"]))
def test_any_text_names_only_paths_inside(text: str, path: str) -> None:
    for code in (text, f"import {text}", f"from {text} import {text}", f"from .{text} import ({text}"):
        for each in imported_files(code, path):
            assert each.endswith(".py") and not each.startswith(("/", "."))
            assert all(part.removesuffix(".py").isidentifier() for part in each.split("/"))


@pytest.mark.parametrize(
    "code",
    [
        "from " + "." * 1_000_000,
        "from" + " " * 1_000_000,
        "from x import (" * 200_000,
        "import " + "a," * 1_000_000,
        "".join(f"import a{n}\n" for n in range(300_000)),
        ";" * 1_000_000 + " " * 1_000_000,
    ],
    ids=["dots", "spaces", "brackets", "names", "imports", "signs"],
)
def test_no_text_takes_long(code: str) -> None:
    began = time.monotonic()
    assert collected({}, code) == []
    assert time.monotonic() - began < 5


def test_too_much_is_left_out_with_a_note() -> None:
    many = "".join(f"import m{n}\n" for n in range(MAX_FILES + 5))
    found = with_helpers(submission(many), lambda path: (lambda: b"") if "/" not in path else None)
    assert len(found.files) == MAX_FILES
    assert found.notes[0].startswith(
        f"The module m{MAX_FILES}.py was left out, because a submission can have"
    )
    large = with_helpers(submission("import a, b"), lambda path: lambda: b"#" * 600_000)
    assert [file.path for file in large.files] == ["a/__init__.py"]
    assert large.notes


def test_many_imports_cost_a_bounded_number_of_files_and_notes() -> None:
    asked: list[str] = []

    def find(path: str) -> Read:
        asked.append(path)
        return lambda: b"\0"

    names = ",".join(f"m{n}" for n in range(900))
    found = with_helpers(submission(*[f"import {names}"] * 100), find)
    assert len(found.notes) == MAX_FILES == len(asked)
    asked.clear()
    many = "\n".join(f"import p{n}, {names.replace('m', f'm{n}_')}" for n in range(100))
    with_helpers(submission(many), lambda path: asked.append(path))
    assert len(asked) == MAX_PATHS


def test_a_module_that_cannot_be_read_is_left_out_with_a_note() -> None:
    def fail() -> bytes:
        raise SubmissionError("b.py is damaged")

    reads = {"a.py": lambda: b"# coding: klingon\n", "b.py": fail, "c.py": lambda: b"x = '\xe9'"}
    found = with_helpers(submission("import a, b, c"), reads.get)
    assert [(file.path, file.source) for file in found.files] == [("c.py", "x = 'é'")]
    assert [note.split(":")[0] for note in found.notes] == [
        "The module a.py was left out",
        "The module b.py was left out",
        "c.py is not UTF-8. It was read as Windows-1252; save it as UTF-8 to be sure.",
    ]


def test_a_directory_is_searched_without_leaving_it(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "pkg").mkdir(parents=True)
    for name in ("own/tools.py", "own/pkg/one.py", "secret.py"):
        (tmp_path / name).write_text(f"# {name}")
    (own / "link.py").symlink_to("tools.py")
    (own / "out.py").symlink_to(tmp_path / "secret.py")
    (own / "away").symlink_to(tmp_path)
    (own / "nowhere.py").symlink_to("nothing")
    (own / "folder.py").mkdir()
    code = "import tools, link, out, away.secret, nowhere, folder, missing\nfrom pkg import one"
    found = with_helpers(submission(code), in_directory(own))
    assert [(file.path, file.source) for file in found.files] == [
        ("tools.py", "# own/tools.py"),
        ("link.py", "# own/tools.py"),
        ("pkg/one.py", "# own/pkg/one.py"),
    ]
    assert not found.notes
