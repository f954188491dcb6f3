"""The work of a class that waits for verdicts on its files: the one that counts, and others beside it."""

from __future__ import annotations

from collections.abc import Iterator

from grader.classroom.learner_work import LearnerWork
from grader.classroom.verdicts import UniqueSubmission, Verdict
from grader.judge.candidates import scores_note
from grader.judge.submission import Submission

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
                own, *rest = verdicts
                others = [(each.file, v) for each, v in zip(work.others, rest, strict=True)]
                yield work, own, scores_note(work.shown, own, others)


def _keys(work: LearnerWork) -> list[Key]:
    return [(work.item, source) for source in (work.source, *(each.source for each in work.others))]
