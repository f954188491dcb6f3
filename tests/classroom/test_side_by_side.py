"""Similar code side by side: what is given is left out, and what both have is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_similarity import COPIED, OTHER, disguised

from grader.classroom.side_by_side import MAX_COLUMNS, MAX_LINES, side_by_side

STARTER = "import numpy as np\n\n\ndef create(values, size):\n    raise NotImplementedError\n"


def test_a_disguised_copy_is_marked_and_own_code_is_not() -> None:
    ours, theirs = side_by_side(COPIED + OTHER, disguised(COPIED), STARTER)
    marked = [line.text.strip() for line in ours.lines if line.shared]
    assert "targets.append(values[at + size])" in marked
    assert not any("np.mean" in text for text in marked)
    assert "B.append(xs[k + size])" in [line.text.strip() for line in theirs.lines if line.shared]


def test_the_starter_and_the_solution_are_left_out() -> None:
    ours, theirs = side_by_side(STARTER + COPIED, STARTER + OTHER, STARTER, OTHER)
    assert ours.given == 5  # the starter's three lines, and both signatures again
    assert not any("import numpy" in line.text for line in ours.lines)
    assert theirs.lines == ()


def test_lines_keep_their_numbers() -> None:
    ours, _ = side_by_side("import numpy as np\n\nx = 1", "", STARTER)
    (line,) = ours.lines
    assert (line.number, line.text, line.shared) == (3, "x = 1", False)


def test_long_code_is_cut() -> None:
    code = "\n".join(f"x{n} = '{'y' * 999}'" for n in range(MAX_LINES + 7))
    ours, _ = side_by_side(code, "", "")
    assert (len(ours.lines), ours.left_out) == (MAX_LINES, 7)
    assert len(ours.lines[0].text) == MAX_COLUMNS


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=100))
def test_any_text_has_excerpts(one: str, other: str, starter: str) -> None:
    for source, excerpt in zip((one, other), side_by_side(one, other, starter), strict=True):
        lines = [line for line in source.split("\n") if line.strip()]
        assert len(excerpt.lines) + excerpt.given + excerpt.left_out == len(lines)
        assert all(source.split("\n")[line.number - 1] == line.text for line in excerpt.lines)
