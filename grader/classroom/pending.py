"""The work of a class that waits for verdicts on its files: the one that counts, and others beside it."""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.intake import LearnerWork
from grader.classroom.verdicts import UniqueSubmission, Verdict
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.judge.verdict import number

Key = tuple[str, str]  # exercise and hash of the code


class Pending:
    """Gathers equal code, so that it is judged once."""

    def __init__(self) -> None:
        self._submissions: dict[Key, Submission] = {}
        self._waiting: dict[Key, list[LearnerWork]] = {}
        self._verdicts: dict[Key, Verdict] = {}  # of files that are compared with others

    @property
    def submissions(self) -> list[UniqueSubmission]:
        """All different submissions, in a fixed order."""
        return [UniqueSubmission(*key, self._submissions[key]) for key in sorted(self._submissions)]

    def add(self, work: LearnerWork) -> None:
        """Add work with a submission."""
        assert work.submission is not None
        self._submissions[work.item, work.source] = work.submission
        for other in work.others:
            self._submissions[work.item, other.source] = other.submission
        for key in _keys(work):
            self._waiting.setdefault(key, []).append(work)

    def finished(self, key: Key, verdict: Verdict) -> Iterator[tuple[LearnerWork, Verdict, tuple[str, ...]]]:
        """Yield the work that waited only for this verdict: each with its own, and notes on other files."""
        for work in self._waiting.pop(key):
            if not work.others:
                yield work, verdict, ()
                continue
            self._verdicts[key] = verdict
            verdicts = [self._verdicts[each] for each in _keys(work) if each in self._verdicts]
            if len(verdicts) == len(_keys(work)):
                yield work, verdicts[0], _compared(work, verdicts)


def _keys(work: LearnerWork) -> list[Key]:
    return [(work.item, source) for source in (work.source, *(each.source for each in work.others))]


def _compared(work: LearnerWork, verdicts: list[Verdict]) -> tuple[str, ...]:
    """Return a note with all scores, unless they are equal."""
    own, *others = verdicts
    if isinstance(own, Report) and all(isinstance(v, Report) and v.score == own.score for v in others):
        return ()
    scores = (
        f"{other.file} {f'would get {number(v.score)}' if isinstance(v, Report) else 'could not be graded'}"
        for other, v in zip(work.others, others, strict=True)
    )
    got = f", with {number(own.score)} of {number(own.max_score)} points" if isinstance(own, Report) else ""
    return (f"{work.shown} counts{got}. {'; '.join(scores)}.",)
