"""What tests each sentence of the contracts: exercise -> function -> (sentence, tests).

Each exercise has a module, named like it without `exercise-`. The sentences of a function, joined, are
its text in `exercise.yaml`. In the place of tests, GIVEN marks what the tests promise to the learner,
ADVICE what no test can or should ask, and SUMMARY a sentence that the next ones spell out.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from contract_sentences.kinds import Sentences

CONTRACTS: dict[str, Sentences] = {
    f"exercise-{path.stem}": import_module(f"{__name__}.{path.stem}").SENTENCES
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if path.stem not in ("__init__", "kinds")
}
