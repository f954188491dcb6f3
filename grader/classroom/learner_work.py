"""The work of one learner for one exercise or quiz, as it was handed in."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from grader.classroom.names import storable
from grader.classroom.owner import Owner
from grader.classroom.results import Status
from grader.classroom.submission_time import SubmissionTime
from grader.content.file_names import file_stem
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.submission import Submission
from grader.quiz.result import QuizResult


class OtherFile(Struct, frozen=True):
    """A file for the same exercise that does not count, because another one comes first."""

    file: str  # its path below the learner's directory
    source: str
    submission: Submission


class LearnerWork(Struct, frozen=True, kw_only=True):
    """One exercise or quiz of one learner.

    It has a `submission` or `answers`; or a `problem`, and a status that says whose fault it is.
    `notes` tell the instructor how the files were chosen and read; the submissions themselves have
    none. `told` are those that the learner reads, too.
    """

    learner: str
    item: str
    file: str
    source: str  # a hash of the code or the answers
    submission: Submission | None = None
    answers: QuizResult | None = None
    status: Status = Status.GRADED
    problem: str | None = None
    notes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    shown: str = ""  # the path of the file below the learner's directory
    others: tuple[OtherFile, ...] = ()
    owner: Owner | None = None
    time: SubmissionTime | None = None


def refused_work(learner: str, item: str, where: str, error: CourseError) -> LearnerWork:
    """Return work that cannot be read. The error tells whose fault it is."""
    return LearnerWork(
        learner=learner,
        item=item,
        file=where,
        source=hash_of(str(error)),
        status=Status.FAILED if isinstance(error, EnvironmentProblem) else Status.UNREADABLE,
        problem=storable(str(error)),
    )


# --- code ---


def texts_of(submission: Submission) -> Iterator[str]:
    """Yield the code of a submission, cell by cell and file by file."""
    yield from (cell.source for cell in submission.cells)
    yield from (file.source for file in submission.files)


def named_after(submission: Submission, exercise_id: str) -> Submission:
    """Return the submission under the name that `course start` gives it, so that copies have one hash."""
    is_notebook = any(cell.notebook for cell in submission.cells)
    name = f"{file_stem(exercise_id)}.{'ipynb' if is_notebook else 'py'}"
    cells = tuple(each if each.notebook else replace(each, label=name) for each in submission.cells)
    return replace(submission, name=name, cells=cells)


def code_hash(submission: Submission) -> str:
    """Return a hash of the exact text: verdicts quote lines, so comments and layout count as well."""
    cells = (text for cell in submission.cells for text in (cell.label, cell.source))
    return hash_of(*cells, *(text for file in submission.files for text in (file.path, file.source)))


def hash_of(*texts: str) -> str:
    """Return a hash of the texts and of where each ends."""
    digest = blake2b(digest_size=16)
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
