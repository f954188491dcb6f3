"""Find the learner's own modules that a submission imports.

Imports are found in the text, so that broken code and notebooks with magics can
be searched, too. Every road to the judge uses `with_helpers`.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from grader.errors import CourseError
from grader.judge.submission import Submission, code_of, read_file
from grader.judge.wire.messages import SourceFile

MAX_FILES = 50
MAX_LENGTH = 1_000_000  # characters in all helper modules
MAX_IMPORTS = 1000  # that are looked at in one source
MAX_PATHS = 10_000  # that are looked for because of one source

Read = Callable[[], bytes]  # raises CourseError
Find = Callable[[str], Read | None]  # from a relative path with "/", such as "tools/plots.py"

# possessive throughout, so that no text takes more than linear time
_IMPORT = re.compile(
    r"""(?:^|[;:])[ \t]*+(?:
        from[ \t]++(?P<dots>\.*+)[ \t]*+(?P<module>(?:(?!import\b)[\w.]++)?)[ \t]*+
        import[ \t]*+(?P<names>\([^)]{0,5000}+\)|[^\n;\#(]*+)
      | import[ \t]++(?P<modules>[^\n;\#]++)
    )""",
    re.VERBOSE | re.MULTILINE,
)
# files that are run by their name: %run tools.py, exec(open("tools.py").read()), import_module("tools")
_RUN = re.compile(r"""(?:%run[ \t]++|\bopen\(\s*+["']|\brun_path\(\s*+["'])(?:\./)?([\w./-]{1,200}\.py)\b""")
_MODULE = re.compile(r"""\bimport_module\(\s*+["']([\w.]{1,200})["']""")
_SEARCHED = re.compile(r"""\bsys\.path\.(?:append|insert)\([^"'\n]{0,100}["'](?:\./)?([\w./-]{1,100})["']""")
MAX_PLACES = 5  # directories that a source adds to sys.path
_COMMENT = re.compile(r"\#[^\n]*+")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def with_helpers(submission: Submission, find: Find) -> Submission:
    """Return the submission with the modules that it imports, and that `find` finds beside it.

    A module that cannot be read or is too much is left out, and a note says so.
    """
    files: dict[str, SourceFile] = {}
    notes: list[str] = []
    length = 0
    imported = (path for cell in submission.cells for path in imported_files(cell.source))
    waiting = deque(islice(imported, MAX_PATHS))
    seen: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        read = find(path)
        if read is None:
            continue
        try:
            source, told = code_of(read(), PurePosixPath(path))
        except CourseError as error:
            notes.append(f"The module {path} was left out: {error}.")
            if len(notes) >= MAX_FILES:
                break
            continue
        if len(files) >= MAX_FILES or length + len(source) > MAX_LENGTH:
            notes.append(
                f"The module {path} was left out, because a submission can have at most {MAX_FILES} modules "
                f"with {MAX_LENGTH // 1_000_000} MB of code."
            )
            break
        length += len(source)
        notes += told
        files[path] = SourceFile(path, source)
        waiting.extend(islice(imported_files(source, path), MAX_PATHS))
    return replace(submission, files=tuple(files.values()), notes=(*submission.notes, *notes))


def is_installed(path: str) -> bool:
    """Return True if Python itself has the module that a path like "numpy/random.py" stands for."""
    return _is_installed(path.partition("/")[0].removesuffix(".py"))


@lru_cache(maxsize=1000)
def _is_installed(name: str) -> bool:
    try:
        return name in sys.stdlib_module_names or find_spec(name) is not None
    except (ImportError, ValueError):
        return True


def in_directory(directory: Path) -> Find:
    """Return a search for modules in a directory. Links that lead out of it are not followed."""

    def find(path: str) -> Read | None:
        try:
            root = directory.resolve()
            target = (root / path).resolve(strict=True)
            if not (target.is_relative_to(root) and target.is_file()):
                return None
        except (OSError, RuntimeError, ValueError):
            return None
        return lambda: read_file(target)

    return find


def imported_files(source: str, path: str = "") -> Iterator[str]:
    """Yield the paths that may hold what a source imports. `path` is that of the source itself.

    Packages come before the modules in them.
    """
    source = source.replace("\\\n", " ")
    places = [match[1] for match in islice(_SEARCHED.finditer(source), MAX_PLACES)]
    yield from (match[1] for match in islice(_RUN.finditer(source), MAX_IMPORTS))
    for file in _imports(source, path):
        yield file
        yield from (str(PurePosixPath(place, file)) for place in places)


def _imports(source: str, path: str) -> Iterator[str]:
    for match in islice(_MODULE.finditer(source), MAX_IMPORTS):
        yield from _files_of(match[1].split("."))
    for match in islice(_IMPORT.finditer(source), MAX_IMPORTS):
        if match["modules"] is not None:
            for name in _names(match["modules"]):
                yield from _files_of(name.split("."))
            continue
        module = match["module"].split(".") if match["module"] else []
        base = _base(path, len(match["dots"]))
        if base is not None:
            yield from _files_of([*base, *module])
            for name in _names(match["names"].strip("()")):
                yield from _files_of([*base, *module, name], len(base) + len(module))


def _names(listed: str) -> Iterator[str]:
    """Yield the names in "a, b.c as d", of which a comment may be a part."""
    for each in _COMMENT.sub("", listed).split(",", MAX_IMPORTS):
        if name := _DOTTED.match(each.strip()):
            yield name[0]


def _base(path: str, dots: int) -> list[str] | None:
    """Return the package that a relative import starts from; None if it leads out."""
    if not dots:
        return []
    package = list(PurePosixPath(path).parts[:-1])
    above = dots - 1
    return None if above > len(package) else package[: len(package) - above]


def _files_of(module: list[str], known: int = 0) -> Iterator[str]:
    """Yield the files of a module and of the packages around it, except the first `known`."""
    if not all(part.isidentifier() for part in module):
        return
    for size in range(known + 1, len(module) + 1):
        name = "/".join(module[:size])
        yield f"{name}/__init__.py"
        yield f"{name}.py"
