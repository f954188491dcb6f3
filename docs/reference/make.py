"""Write the pages of this directory from the code: `python docs/reference/make.py [DIRECTORY]`.

A test writes them again and compares.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import msgspec
import testing_examples as examples

from grader import errors, testing
from grader.authoring.validation import Validation
from grader.classroom.class_report import ClassReport
from grader.classroom.summary import Summary
from grader.cli import cli
from grader.cli.schema import CLASS, any_schema
from grader.content.arithmetic import CONSTANTS, FUNCTIONS
from grader.content.latex import ENVIRONMENTS, GROUPS
from grader.content.schema import SCHEMAS, schema, subclasses
from grader.judge.report import Report
from grader.progress.standing import Standing
from grader.quiz.result import QuizResult

HERE = Path(__file__).parent
WIDTH = 80  # columns of help texts
FILES = {
    "course": "course.yaml",
    "lesson": "lessons/ID.yaml",
    "quiz": "quizzes/ID.yaml",
    "practice": "quizzes/practice/ID.yaml",
    "exercise": "exercises/ID/exercise.yaml",
    "equivalent_mutants": "exercises/ID/equivalent_mutants.yaml",
    CLASS: "class.yaml",
}
OUTPUTS = {
    "course check --json": Report,
    "course quiz --json": QuizResult,
    "course progress --json": Standing,
    "course grade --json": Summary,
    "course report --json": ClassReport,
    "course validate --json": Validation,
}
COMMENTED = re.compile(r"^    (\w+): .*?  # (.+)$", re.MULTILINE)


def commands() -> str:
    """Return the page of all commands: what `--help` prints."""
    parts = ["# Commands", "What `course COMMAND --help` prints."]
    for command, context in walk(cli, click.Context(cli, info_name="course")):
        parts += [f"## {context.command_path}", f"```text\n{command.get_help(context).rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"


def walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield a command and all below it, each with its context."""
    context.terminal_width = context.max_content_width = WIDTH
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if found := command.get_command(context, name):
                yield from walk(found, click.Context(found, info_name=name, parent=context))


def files() -> str:
    """Return the page of the files that authors and instructors write."""
    parts = [
        "# Files of a course and of a class",
        "Every field of the YAML files. `course schema KIND` prints the same as JSON Schema, with which an "
        f"editor completes and checks a file while you type. KIND is {listed_kinds()}.",
    ]
    for kind in SCHEMAS:
        parts += [f"## {FILES[kind]}", *described(schema(kind), level=3)]
    parts += [
        f"## {FILES[CLASS]}",
        "Due dates, late work, groups and decisions of an instructor, for `course grade --class`. The file "
        "belongs to a class and may stand anywhere. `course schema class` prints its schema. To let an "
        "editor check it, run `course schema class > class.schema.json` and begin the file with "
        "`# yaml-language-server: $schema=class.schema.json`. The "
        "[instructors' guide](../instructors.md#due-dates-groups-and-decisions-classyaml) has an example.",
        *described(any_schema(CLASS), level=3),
        *formulas(),
        *latex(),
    ]
    return "\n\n".join(parts) + "\n"


def listed_kinds() -> str:
    """Return the kinds of files, as `course schema` takes them."""
    *others, last = (f"`{kind}`" for kind in FILES)
    return f"{', '.join(others)} or {last}"


def formulas() -> Iterator[str]:
    """Yield the section about the formulas that give values."""
    yield "## Formulas that give values"
    yield (
        "`answer` and `value` of `numeric` and `shape` questions, and what is between `{{` and `}}` in "
        "their texts. A formula has numbers, names of `draw`, the operators `+ - * / // % **`, and "
        "brackets. `**` is a power. Angles are in radians, and `log` is the natural "
        "logarithm; `log(x, b)` has the base `b`."
    )
    names = ", ".join(f"`{name}`" for name in sorted(FUNCTIONS))
    yield f"Functions: {names}. Constant: {', '.join(f'`{name}`' for name in CONSTANTS)}."
    yield "Examples: `20 * log10(abs(g))`, `round(2 * pi * r, 2)`, `{{abs(f - fs)}}`."


def latex() -> Iterator[str]:
    """Yield the section about the LaTeX that all renderers know."""
    yield "## LaTeX"
    yield (
        "What is between two `$` is LaTeX. Terminals show it in Unicode, and pages, notebooks, Moodle and "
        "Canvas as formulas. These commands work everywhere; `course validate` refuses others."
    )
    rows = ["| kind | commands |", "|---|---|"]
    for kind, names in GROUPS.items():
        written = ENVIRONMENTS if kind == "Environments" else names.split()
        mark = "" if kind == "Environments" else "\\"
        rows.append(f"| {kind} | {' '.join(f'`{mark}{name}`' for name in written)} |")
    yield "\n".join(rows)
    yield (
        "An environment stands between `\\begin{cases}` and `\\end{cases}`. `&` separates its columns, and "
        "`\\\\` its rows. Terminals show it on one line: `{x if x > 0; 0 otherwise}` and `(1 2; 3 4)`. They "
        "show `\\binom{n}{k}` as C(n, k)."
    )


def tests() -> str:
    """Return the page of what tests may use."""
    parts = [
        "# Test tools",
        "What `visible_tests.py`, `hidden_tests.py` and `own_code.py` of an exercise may use. Import "
        "names from `grader.testing`: nothing deeper in the package is public. Visible tests also run "
        "in notebooks, so they take only `learner` and `rng`; `course nbgrader build` names what "
        "notebooks lack.",
        "## Fixtures",
        "A test takes these as parameters.",
    ]
    for name, (about, example) in examples.FIXTURES.items():
        parts += [f"### {name}", about, python(example)]
        if name == "learner":
            for method, shown in examples.METHODS.items():
                parts += tool(f"learner.{method}", getattr(testing.Learner, method), shown, level=4)
    for title, (about, tools) in examples.SECTIONS.items():
        parts += [f"## {title}", about]
        for name, example in tools.items():
            parts += tool(name, getattr(testing, name), example)
    parts += ["## Types", "For annotations of helper functions."]
    parts += ["\n".join(f"- `{name}`, the type of `{fixture}`" for name, fixture in examples.TYPES.items())]
    shown_names = {*examples.TYPES, *(name for _, tools in examples.SECTIONS.values() for name in tools)}
    if missing := set(testing.__all__) - shown_names:
        raise SystemExit(f"testing_examples.py has no example of {', '.join(sorted(missing))}")
    return "\n\n".join(parts) + "\n"


def tool(name: str, thing: Any, example: str, level: int = 3) -> list[str]:
    """Return a heading, the signature, the docstring and an example."""
    heading = f"{'#' * level} {name}"
    said = paragraphs(inspect.getdoc(thing) or "")
    return [heading, python(signature(name, thing)), said, "For example:", python(example)]


def signature(name: str, thing: Any) -> str:
    """Return the call of a name with its parameters and defaults, without annotations."""
    shown = []
    for each in inspect.signature(thing).parameters.values():
        if each.name == "self":
            continue
        default = getattr(each.default, "__name__", "") or repr(each.default)  # of a Struct's field
        default = default.replace("'", '"')
        stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        is_keyword = each.kind is each.KEYWORD_ONLY and "*" not in shown
        shown += ["*"] if is_keyword else []
        known = "" if each.default is each.empty else f"={'{}' if 'factory' in default else default}"
        shown.append(stars + each.name + known)
    return f"{name}({', '.join(shown)})"


def paragraphs(text: str) -> str:
    """Return a docstring with each paragraph on one line."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def python(code: str) -> str:
    """Return a block of code."""
    return f"```python\n{code}\n```"


def outputs() -> str:
    """Return the page of what commands print with `--json`."""
    parts = ["# JSON", "What commands print with `--json`. Fields may be added; none is renamed or removed."]
    for command, type_ in OUTPUTS.items():
        parts += [f"## {command}", *described(msgspec.json.schema(type_), level=3)]
    return "\n\n".join(parts) + "\n"


def exit_codes() -> str:
    """Return the page of exit codes, from the errors and the commands that name theirs."""
    parts = [
        "# Exit codes",
        "| code | meaning |\n|---|---|\n| 0 | done, or passed |\n| 1 | not passed, or not finished |\n"
        f"| {errors.CourseError.exit_code} | wrong usage, or broken content |\n"
        f"| {errors.EnvironmentProblem.exit_code} | this machine cannot do it |\n"
        "| 130 | stopped with Ctrl-C |",
        "What 0 and 1 mean for a command:",
    ]
    lines = []
    for command, context in walk(cli, click.Context(cli, info_name="course")):
        found = re.search(r"Exit codes?: (.+?)(?:\n\n|\Z)", inspect.cleandoc(command.help or ""), re.DOTALL)
        if found:
            lines.append(f"- `{context.command_path}`: {' '.join(found[1].split())}")
    return "\n\n".join([*parts, "\n".join(lines)]) + "\n"


def described(whole: dict[str, Any], level: int) -> Iterator[str]:
    """Yield a heading, a sentence and a table for each type of a JSON Schema."""
    comments = all_comments()
    for name, part in whole.get("$defs", {}).items():
        if "enum" in part or "properties" not in part:
            continue
        yield f"{'#' * level} {name}"
        if says := part.get("description"):
            yield inspect.cleandoc(says)
        rows = ["| field | type | |", "|---|---|---|"]
        for field, about in part["properties"].items():
            needed = "" if field in part.get("required", ()) else "optional. "
            text = about.get("description", comments.get(name, {}).get(field, ""))
            given = () if is_fixed(about) else about.get("examples", ())[:1]
            example = "".join(f" Example: `{each}`." for each in given)
            rows.append(f"| `{field}` | {kind_of(about, whole)} | {needed}{cell(text)}{example} |")
        yield "\n".join(rows)


def is_fixed(about: dict[str, Any]) -> bool:
    """Return True if a field has only one value, which needs no example."""
    return "const" in about or len(about.get("enum", ())) == 1


@cache
def all_comments() -> dict[str, dict[str, str]]:
    """Return the comments beside fields: type -> field -> comment."""
    return {
        cls.__name__: dict(COMMENTED.findall(inspect.getsource(cls))) for cls in subclasses(msgspec.Struct)
    }


def kind_of(about: dict[str, Any], whole: dict[str, Any]) -> str:
    """Return the type that a JSON Schema describes, in words."""
    if "$ref" in about:
        name = about["$ref"].rpartition("/")[2]
        target = whole["$defs"][name]
        return one_of(target["enum"]) if "enum" in target else name
    if "anyOf" in about:
        return " or ".join(kind_of(each, whole) for each in about["anyOf"])
    if "enum" in about:
        return one_of(about["enum"])
    if "const" in about:
        return f"`{about['const']}`"
    if about.get("type") == "array":
        if "prefixItems" in about:
            return "list of " + ", ".join(kind_of(each, whole) for each in about["prefixItems"])
        return f"list of {kind_of(about['items'], whole)}" if about.get("items") else "list"
    if about.get("type") == "object":
        values = about.get("additionalProperties")
        return f"map to {kind_of(values, whole)}" if isinstance(values, dict) else "map"
    return {"string": "text", "null": "null"}.get(str(about.get("type", "")), str(about.get("type", "any")))


def one_of(values: list[Any]) -> str:
    """Return allowed values in words."""
    return " or ".join(f"`{value}`" for value in values)


def cell(text: str) -> str:
    """Return a text that fits in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {
    "commands.md": commands,
    "files.md": files,
    "testing.md": tests,
    "json.md": outputs,
    "exit-codes.md": exit_codes,
}

if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, page in PAGES.items():
        (place / name).write_text(page(), encoding="utf-8")
