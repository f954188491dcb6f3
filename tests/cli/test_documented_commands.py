"""Every `course` command line in the documentation is one that `course` accepts. None is run here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import dropwhile, groupby
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from grader.cli import cli
from grader.content.course import Course

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = [ROOT, ROOT / "examples" / "text-statistics"]

BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```", re.M | re.S)
INLINE = re.compile(r"`(course(?: [^`\n]+(?:\n[^`\n]+)?)?)`")
SHOWN = re.compile(r"(?:\$ |    )?(\S.*)")  # at a prompt, or an example of a help text


class Line(NamedTuple):
    """A command line of a page. In a sentence, required arguments may be left out."""

    page: Path
    words: tuple[str, ...]  # after `course`
    is_whole: bool


def lines_of(page: Path) -> Iterator[Line]:
    """Yield the command lines in the blocks and in the sentences of a page."""
    text = page.read_text("utf-8")
    for block in BLOCK.finditer(text):
        for line in re.sub(r"\\\n\s*", "", block["text"]).splitlines():
            yield from (Line(page, each, True) for each in commands_in(line.removeprefix(block["indent"])))
    for match in INLINE.finditer(BLOCK.sub("", text)):
        yield from (Line(page, each, False) for each in commands_in(" ".join(match[1].split())))


def commands_in(line: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each `course …` in a shell line, without what comes before and after it."""
    shown = SHOWN.fullmatch(line)
    lexer = shlex.shlex(shown[1] if shown else "", posix=True, punctuation_chars="|&;>")
    lexer.whitespace_split = True
    try:
        words = [*lexer]
    except ValueError:  # a sentence with an apostrophe
        return
    for is_end, group in groupby(words, lambda word: {*word} <= {*"|&;>"}):
        command = [*dropwhile(re.compile("[A-Z_]+=").match, group)]
        if not is_end and command[:1] == ["course"]:
            yield tuple(command[1:])


LINES = sorted({line for page in PAGES for line in lines_of(page)})


def flaw(line: Line) -> str:
    """Return why `course` refuses the command line, or ""."""
    command: click.Command = cli
    context = click.Context(cli, info_name="course")
    words = [*line.words]
    try:
        while True:
            given, rest, _ = command.make_parser(context).parse_args([*words])
            if not isinstance(command, click.Group) or not (rest or given.get("help")):
                break
            name, *words = rest
            found = command.get_command(context, name)
            if found is None and name == "COMMAND":
                return ""
            if found is None:
                return f"{context.command_path} has no command {name}"
            command, context = found, click.Context(found, info_name=name, parent=context)
    except click.BadOptionUsage as error:  # a sentence may speak of an option without its value
        return error.format_message() if line.is_whole else ""
    except click.UsageError as error:
        return error.format_message()
    if isinstance(command, click.Group) or given.get("help"):
        return ""
    if rest:
        return f"too many arguments: {' '.join(rest)}"
    missing = [
        str(p.name)
        for p in command.params
        if p.required and not isinstance(given.get(p.name or ""), str | list | tuple)
    ]
    if line.is_whole and missing:
        return f"{', '.join(missing)} is missing"
    for parameter in command.params:
        value = given.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice | click.types.IntParamType) and isinstance(value, str):
            try:
                parameter.type.convert(value, parameter, context)
            except click.BadParameter as error:
                if not value.isupper():  # a placeholder
                    return error.format_message()
    return ""


@pytest.mark.parametrize("page", sorted({line.page for line in LINES}), ids=lambda page: page.stem)
def test_every_command_line_is_accepted(page: Path) -> None:
    refused = {line.words: why for line in LINES if line.page == page and (why := flaw(line))}
    assert not refused


def test_every_exercise_that_is_named_exists() -> None:
    known = {name for root in EXAMPLES for name in Course(root).exercise_ids}
    named = {
        (line.page.name, name)
        for line in LINES
        for name in line.words
        if re.fullmatch("exercise-[a-z0-9-]+", name)
    }
    assert not {each for each in named if each[1] not in known}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("course chek exercise-lstm", "no command chek"),
        ("course check exercise-lstm --plott a.png", "No such option"),
        ("course export gradescope -o a.zip", "exercise_id is missing"),
        ("course start exercise-lstm now", "too many arguments: now"),
        ("course export quiz day4 --format html -o a", "is not one of"),
        ("course new question --kind riddle", "is not one of"),
        ("course --course . validate exercise-lstm --seeds few", "not a valid integer"),
        ("course check exercise-lstm", ""),
        ("course new", ""),
        ("course", ""),
    ],
)
def test_a_wrong_command_line_is_found(text: str, says: str) -> None:
    [words] = commands_in(text)
    found = flaw(Line(ROOT / "README.md", words, True))
    assert says in found and bool(says) == bool(found)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("$ cd here && course quiz day4 | tail  # course check", ["quiz day4"]),
        ("    COURSE_CONFIDENCE=off course learn day4", ["learn day4"]),
        ("course check a --json > report.json", ["check a --json"]),
        ("of course it does", []),
        ("course isn't one", []),
    ],
)
def test_command_lines_are_found_in_shell_lines(line: str, found: list[str]) -> None:
    assert [" ".join(words) for words in commands_in(line)] == found


def test_many_command_lines_are_shown() -> None:
    assert len(LINES) > 250
