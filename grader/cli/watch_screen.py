"""The screen of `course watch`: a report, laid out so that it never needs more lines than there are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from grader.cli.verdict import (
    NO_SIGNS,
    Marks,
    confinement_line,
    place_of,
    score_lines,
    title,
    wrapped,
)
from grader.content.exercise import Exercise, Function
from grader.judge.report import Outcome, Report
from grader.judge.verdict import (
    count,
    first_wrong,
    folded_line,
    idea_lines,
    is_right,
    one_reason,
    result_lines,
    results_of,
    surroundings_lines,
    where_to_start,
)

RIGHT = 50  # the weight of functions that are right
ALWAYS = 100  # a block of this weight is shortened at worst, and never left out


class Block(Struct, frozen=True):
    """Lines that stay or go together. Heavier blocks come first where room is short."""

    lines: tuple[str, ...]
    weight: int
    is_failed_test: bool = False


def watch_lines(
    report: Report,
    exercise: Exercise,
    file: str,
    foot: list[str],
    width: int,
    height: int,
    marks: Marks = NO_SIGNS,
) -> list[str]:
    """Return at most `height` lines: one per function, then the first one that is wrong, then `foot`.

    Its first failed test is shown whole if the screen has the room for it at all.
    """
    blocks = [
        *_blocks(report, exercise, file, marks),
        Block(("",), 35),
        Block((*score_lines(report), *foot), ALWAYS),
    ]
    blocks = [Block(_wrap(each.lines, width), each.weight, each.is_failed_test) for each in blocks]
    body, left_out = _chosen(blocks, height)
    right = [each for each in blocks if each.weight == RIGHT]
    if not {*right} <= {*body}:  # not some functions without the others
        line = f"{marks.right}{count(len(right), 'function')} passed."
        at = blocks.index(right[0])
        others = [each for each in blocks if each.weight != RIGHT]
        blocks = [*others[:at], Block(_wrap((line,), width), 75), *others[at:]]
        body, left_out = _chosen(blocks, height)
    told = [_more(left_out, exercise, width)] if left_out else []
    kept = blocks[-1].lines[-height:]
    room = height - len(kept) - len(told)
    if room < 3 and told:
        room, told = room + 1, []
    return [*shortened([*chain.from_iterable(each.lines for each in body[:-1])], room), *told, *kept]


def _chosen(blocks: list[Block], height: int) -> tuple[list[Block], int]:
    """Return the blocks that fit, by weight, and the number of failed tests that are left out.

    After a failed test that does not fit, no other follows: it may refer to the one before.
    """
    if sum(len(each.lines) for each in blocks) <= height:
        return blocks, 0
    failed = sum(each.is_failed_test for each in blocks)
    room = height - sum(len(each.lines) for each in blocks if each.weight == ALWAYS) - (failed > 1)
    chosen = {index for index, each in enumerate(blocks) if each.weight == ALWAYS}
    is_full = False
    for index in sorted(range(len(blocks)), key=lambda i: -blocks[i].weight):
        block = blocks[index]
        if index in chosen or (is_full and block.is_failed_test):
            continue
        if len(block.lines) <= room:
            chosen.add(index)
            room -= len(block.lines)
        elif block.is_failed_test:
            is_full = True
    kept = [blocks[index] for index in sorted(chosen)]
    return kept, failed - sum(each.is_failed_test for each in kept)


def message_lines(text: str, foot: list[str], width: int, height: int) -> list[str]:
    """Return at most `height` lines: a message, such as an error, then `foot`."""
    kept = _wrap(("", *foot), width)[-height:]
    return [*shortened([*_wrap(text.split("\n"), width)], height - len(kept)), *kept]


def shortened(lines: list[str], height: int) -> list[str]:
    """Return the lines, without those in the middle if there are too many."""
    if len(lines) <= height:
        return lines
    if height < 3:
        return lines[: max(height, 0)]
    after = (height - 1) // 2
    return [*lines[: height - 1 - after], "  …", *lines[len(lines) - after :]]


def _blocks(report: Report, exercise: Exercise, file: str, marks: Marks) -> Iterator[Block]:
    wrong = first_wrong(report, exercise)
    yield Block((title(exercise, file),), 60)
    for line in surroundings_lines(report):
        yield Block((line,), 40 if line else 33)
    yield Block(("",), 34)
    for function in exercise.functions:
        if results := results_of(report, function.name):
            right = is_right(results)
            mark, weight = (marks.right, RIGHT) if right else (marks.wrong, 80 if function == wrong else 70)
            yield Block((mark + folded_line(function.name, results),), weight)
    if wrong is None:
        if warning := confinement_line(report):
            yield Block((warning,), 10)
        return
    yield Block(("",), 36)
    if start := where_to_start(report, exercise):
        yield Block((f"{start}:",), 37)
    yield from _tests(report, wrong)
    ideas = idea_lines(report, exercise, wrong, lambda section: place_of(exercise, section))
    yield from (Block((line,), 90) for line in ideas)


def _tests(report: Report, function: Function) -> Iterator[Block]:
    """Yield a block per failed test. The first one always stays."""
    results, shown = results_of(report, function.name), set[str]()
    if reason := one_reason(results, shown):
        yield Block(tuple(reason), ALWAYS)
        return
    weight = ALWAYS
    for result in results:
        if result.outcome is not Outcome.PASSED:
            yield Block(tuple(result_lines(result, shown)), weight, is_failed_test=True)
            weight = 30


def _more(tests: int, exercise: Exercise, width: int) -> str:
    short = f"  {count(tests, 'more test')} failed."
    full = f"{short} To see all: course check {exercise.id}"
    return full if len(full) <= width else short[:width]


def _wrap(lines: tuple[str, ...] | list[str], width: int) -> tuple[str, ...]:
    return tuple(part for line in lines for part in wrapped(line, width))
