"""The function at the root of several failures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.judge.report import Outcome, TestResult
from grader.judge.server.roots import improved, leaning_on_themselves, roots

NAMES = "abcde"
asked_for = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), min_size=1))


def test_the_root_is_the_last_of_a_chain() -> None:
    asked = {"means": {"cut"}, "spread": {"means"}}
    assert leaning_on_themselves(asked) == set()
    assert roots({"means"}, asked, {"means", "spread"}) == {"cut"}


def test_a_function_that_is_wrong_itself_is_a_root() -> None:
    assert roots({"means"}, {"means": {"cut"}, "spread": {"means"}}, {"spread"}) == {"means"}


def test_a_circle_proves_nothing() -> None:
    asked = {"even": {"odd"}, "odd": {"even"}, "user": {"even"}}
    assert leaning_on_themselves(asked) == {"even", "odd"}
    assert roots({"even"}, asked, {"user"}) == {"even"}


def failed(*tests: str) -> list[TestResult]:
    """Return failed tests; each is named after its function and a number."""
    return [
        TestResult(id=test, function=test[:-1], title="", outcome=Outcome.FAILED, points=2, score=0,
                   message="first", visible=True)
        for test in tests
    ]  # fmt: skip


def test_a_test_that_passed_in_the_second_run_gets_its_points() -> None:
    before = failed("cut1", "means1", "means2")
    cut, first, second = improved(before, {"means1": {"cut"}}, {"means": {"cut"}})
    assert (cut, second) == (before[0], before[2]), "the first run stays where the second is not better"
    assert (first.outcome, first.score, first.after) == (Outcome.PASSED, 2, ("cut",))
    assert first.message == "It passes once cut is right."


def test_answers_to_one_test_do_not_hide_a_circle_in_another() -> None:
    """Here means asks for cut in a test that it fails, and passes another one with what it has kept."""
    before = failed("cut1", "means1", "means2", "decoy1")
    asked = {"means": {"cut", "decoy"}, "cut": {"means"}}
    assert improved(before, {"means2": {"decoy"}, "cut1": {"means"}}, asked) == before


@given(asked_for, st.sets(st.sampled_from(NAMES)))
def test_what_is_right_rests_on_something_wrong(asked: dict[str, set[str]], wrong: set[str]) -> None:
    right = {*asked} - wrong - leaning_on_themselves(asked)
    for name in right:
        found = roots(asked[name], asked, right)
        assert found and not found & right
