"""Similar code is found even if it is disguised. Code that everybody has is ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classroom.similarity import alike, fingerprints, large_groups

EXERCISE = "exercise-lstm"
WRITTEN = Path(__file__).parents[1] / "recognition" / "right" / EXERCISE
COURSE = Path(__file__).parents[2] / "exercises" / EXERCISE

COPIED = '''
def create(values, size):
    """Cut the values."""
    inputs, targets = [], []
    for at in range(len(values) - size):
        inputs.append(values[at : at + size])
        targets.append(values[at + size])
    if not inputs:
        raise ValueError("too short")
    return np.array(inputs), np.array(targets)

def error(found, wanted):
    total = 0.0
    for one, other in zip(found, wanted):
        total += abs(one - other) ** 2
    return (total / max(1, len(found))) ** 0.5
'''
OTHER = """
def create(values, size):
    windows = np.lib.stride_tricks.sliding_window_view(values, size)
    return windows[:-1].copy(), values[size:].copy()

def error(found, wanted):
    return float(np.sqrt(np.mean((np.asarray(found) - np.asarray(wanted)) ** 2)))
"""


def disguised(source: str) -> str:
    """Return the source with other names, comments and layout, and the functions in another order."""
    for old, new in (("values", "xs"), ("inputs", "A"), ("targets", "B"), ("total", "acc"), ("at", "k")):
        source = source.replace(old, new)
    first, second = source.split("\ndef error")
    return "def error" + second.replace("    ", "        ") + "\n# mine!\n" + first.replace("Cut", "Split")


def test_only_a_disguised_copy_is_found() -> None:
    (found,) = alike({"ann": COPIED, "bob": OTHER, "cid": disguised(COPIED)})
    assert (found.one, found.other) == ("ann", "cid")
    assert found.share > 0.8


def test_a_copied_function_among_own_code_is_found() -> None:
    own = OTHER.replace("def error", "def rest") + COPIED[: COPIED.index("def error")]
    (found,) = alike({"ann": COPIED[: COPIED.index("def error")], "bob": own})
    assert found.share > 0.8


def test_starter_code_is_ignored() -> None:
    assert alike({"ann": COPIED, "bob": disguised(COPIED)}, given=[COPIED]) == ()


def test_code_that_many_learners_have_is_ignored() -> None:
    many = {f"learner {n}": COPIED for n in range(6)}
    assert alike(many) == ()
    assert len(alike(dict(list(many.items())[:5]))) == 10


def test_independent_solutions_are_not_similar() -> None:
    sources = {path.stem: path.read_text() for path in sorted(WRITTEN.glob("*.py"))}
    del sources["own_functions"]  # made from another one
    assert len(sources) > 5
    given = [(COURSE / name).read_text() for name in ("starter.py", "solution.py")]
    assert alike(sources, given) == ()


@pytest.mark.parametrize("source", ["", "x", "def f(:\n '''open", "\"'\"'", "é" * 50, "\0" * 9, "%%bash\nls"])
def test_any_text_has_fingerprints(source: str) -> None:
    assert isinstance(fingerprints(source), frozenset)
    assert alike({"ann": source, "bob": source}) == ()


@pytest.mark.parametrize("copies", [4, 8, 25])
def test_copies_are_told_however_many_there_are(copies: int) -> None:
    others = {
        f"other{n}": "\n".join(
            f"def f{n}_{k}(x):\n    return x{' + x' * k} * [{'1, ' * n}]" for k in range(8)
        )
        for n in range(60 - copies)
    }
    sources = {f"l{n:02}": f"{COPIED}# version {n}\n" for n in range(copies)}
    group = tuple(sorted(sources))
    pairs = {(a.one, a.other) for a in alike(sources | others) if a.one.startswith("l")}
    groups = [each for each in large_groups(sources | others) if each[0].startswith("l")]
    assert (len(pairs), groups) == ((6, []) if copies == 4 else (0, [group]))
    assert not [each for each in large_groups(sources | others, [COPIED]) if each[0].startswith("l")]


def test_nearly_the_same_code_is_in_one_group() -> None:
    sources = {f"l{n}": COPIED + ("print(1)\n" if n % 2 else "") for n in range(8)}
    assert large_groups(sources) == (tuple(sorted(sources)),)
