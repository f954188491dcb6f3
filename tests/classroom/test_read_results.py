"""Reading results back, also from runs that were stopped."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from class_samples import exercise_result, quiz_result, write_results

from grader.classroom.read_results import read_results
from grader.errors import CourseError


def test_what_was_written_is_read(tmp_path: Path) -> None:
    results = [exercise_result("ann", [1, 0]), quiz_result("ann", {"tiny-q1": "a"})]
    out = write_results(tmp_path / "out", results)
    assert read_results(out).results == tuple(results)
    assert read_results(out / "results.jsonl") == read_results(out)


def test_a_later_line_counts(tmp_path: Path) -> None:
    out = write_results(tmp_path, [exercise_result("ann", [0]), exercise_result("ann", [1])])
    (result,) = read_results(out).results
    assert result.score == 1


def test_a_torn_end_is_passed_over_and_told(tmp_path: Path) -> None:
    out = write_results(tmp_path, [exercise_result("ann", [1]), exercise_result("bob", [1])])
    file = out / "results.jsonl"
    whole = file.read_bytes()
    for size in range(len(whole) - 1, len(whole) - 400, -37):
        file.write_bytes(whole[:size])
        reading = read_results(out)
        assert reading.results[0].learner == "ann"
        # without its line end the last line may still be whole
        assert reading.torn == (size < len(whole) - 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "not a result"),
        (b'{"learner": 3}', "not a result"),
        (b"\xff", "not a result"),
        (b"[" * 100_000, "not a result"),
        (b'{"score": 5, "max_score": 1}', "not between 0 and 1"),
        (b'{"score": -1, "max_score": 1}', "not between 0 and 1"),
        (b'{"report": null}', "a report or answers, one of them"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: bytes, said: str) -> None:
    good = msgspec.to_builtins(exercise_result("ann", [1]))
    if line.startswith(b'{"') and b"learner" not in line:
        line = msgspec.json.encode(good | msgspec.json.decode(line))
    file = tmp_path / "results.jsonl"
    file.write_bytes(msgspec.json.encode(good) + b"\n\n" + line + b"\n")
    with pytest.raises(CourseError) as caught:
        read_results(tmp_path)
    assert f"{file}:3: " in str(caught.value)
    assert said in str(caught.value)


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"there is no .*results\.jsonl — name the directory"):
        read_results(tmp_path)
    (tmp_path / "results.jsonl").write_text("\n")
    with pytest.raises(CourseError, match="holds no result"):
        read_results(tmp_path)
