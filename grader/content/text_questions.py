"""Questions whose answer is a word or a few words, typed by the learner."""

from __future__ import annotations

from collections.abc import Iterator

from grader.content.base import Content, Finding, Id
from grader.content.question_base import QuestionBase
from grader.content.spelling import plain, tidy

MAX_TEXT = 200  # characters of an answer


class WrongText(Content, frozen=True, kw_only=True):
    """Foreseen wrong answers that share one explanation: the ways to write one wrong idea."""

    answers: tuple[str, ...]
    why: str
    misconception: Id | None = None


class TextQuestion(QuestionBase, frozen=True, kw_only=True, tag="text"):
    """A question for a word or a few words.

    Case, spaces, the form of Unicode, hyphens in place of spaces, quotes around the
    answer and a period at its end do not matter.
    """

    answers: tuple[str, ...]  # all are right; the first one is shown
    wrong: tuple[WrongText, ...] = ()
    otherwise: str  # shown for a wrong answer that `wrong` does not list
    accents: bool = True  # False if they do not matter
    articles: tuple[str, ...] = ()  # words that may stand before an answer

    @property
    def answer(self) -> str:
        """The right answer that learners are shown."""
        return tidy(self.answers[0])

    def plain(self, text: str) -> str:
        """Return what is left of an answer without the differences that do not matter here."""
        return plain(text, accents=self.accents, articles=self.articles)

    def is_right(self, text: str) -> bool:
        """Return True if the text is a right answer."""
        return self._spelled(text, self.answers) is not None

    def foreseen(self, text: str) -> WrongText | None:
        """Return the foreseen wrong answers that the text belongs to, or None."""
        return next((wrong for wrong in self.wrong if self._spelled(text, wrong.answers)), None)

    def listed(self, text: str) -> str:
        """Return the answer as the author spells it, or without the differences if it is not listed."""
        every = [*self.answers, *(answer for wrong in self.wrong for answer in wrong.answers)]
        return self._spelled(text, every) or self.plain(text)

    def _spelled(self, text: str, answers: list[str] | tuple[str, ...]) -> str | None:
        """Return the first of the answers that is the text, apart from its spelling."""
        wanted = self.plain(text)
        return next((tidy(answer) for answer in answers if self.plain(answer) == wanted), None)

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not self.answers:
            yield Finding(("answers",), "there is no right answer", "write at least one")
        for i, wrong in enumerate(self.wrong):
            if not wrong.answers:
                yield Finding(("wrong", i, "answers"), "there is no wrong answer", "write at least one")
        for i, article in enumerate(self.articles):
            if len(article.split()) != 1:
                yield Finding(("articles", i), f"{article!r} is not one word", "list each word on its own")
        yield from self._answer_findings()

    def _answer_findings(self) -> Iterator[Finding]:
        """Yield the answers that are too long or the same as an earlier one."""
        right = [(("answers", i), answer) for i, answer in enumerate(self.answers)]
        wrong = [
            (("wrong", i, "answers", j), answer)
            for i, each in enumerate(self.wrong)
            for j, answer in enumerate(each.answers)
        ]
        seen: dict[str, str] = {}
        for path, answer in (*right, *wrong):
            if not tidy(answer):
                yield Finding(path, "the answer has no visible character", "write some text, or remove it")
            if len(answer) > MAX_TEXT:
                what = f"the answer has {len(answer)} characters"
                yield Finding(path, what, f"ask for at most {MAX_TEXT}")
            same = self.plain(answer)
            if same in seen:
                what = f"{answer!r} is the same answer as {seen[same]!r}"
                why = "remove it; case, spaces, hyphens and quotes do not matter"
                yield Finding(path, what, why)
            seen.setdefault(same, answer)
