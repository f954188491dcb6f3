"""Write what an instructor downloads from Moodle for a class of three: submissions.zip and worksheet.csv."""

from __future__ import annotations

import zipfile
from pathlib import Path

EXERCISE = Path(__file__).parents[2] / "exercises" / "exercise-lstm"
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 101,Ada Brown,ada@example.org,Submitted for grading,,16.00,Yes,-,-,
Participant 102,Ben Cole,ben@example.org,Submitted for grading,,16.00,Yes,-,-,
Participant 103,Cleo Dahl,cleo@example.org,Submitted for grading,,16.00,Yes,-,-,
"""


def with_mistake(solution: str, name: str) -> str:
    """Return the solution with the function of a known mistake in the place of its own."""
    mistake = (EXERCISE / "mistakes" / f"{name}.py").read_text("utf-8")
    function = mistake[mistake.index("def ") :]
    at = solution.index(function.partition("(")[0] + "(")
    end = min(found for mark in ("\ndef ", "\nif ") if (found := solution.find(mark, at)) > 0)
    return solution[:at] + function + "\n" + solution[end:]


def main() -> None:
    """Write both files into the current directory."""
    right = (EXERCISE / "solution.py").read_text("utf-8")
    wrong = with_mistake(right, "shuffled_split")
    blank = (EXERCISE / "starter.py").read_text("utf-8")
    with zipfile.ZipFile("submissions.zip", "w") as file:
        for learner, source in (("Ada Brown_101", right), ("Ben Cole_102", wrong), ("Cleo Dahl_103", blank)):
            file.writestr(f"{learner}_assignsubmission_file_/exercise_lstm.py", source)
    Path("worksheet.csv").write_text(WORKSHEET, "utf-8")


if __name__ == "__main__":
    main()
