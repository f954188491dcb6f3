"""Values that a command needs: from an option, or else asked for, on a terminal or from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

Check = Callable[[str], str]  # returns what is wrong with a value, or ""


def anything(value: str) -> str:
    """Accept every value."""
    return ""


def one_of(known: Sequence[str]) -> Check:
    """Accept the known values only."""
    return lambda value: "" if value in known else f"{value!r} is not one of {', '.join(known)}."


def an_id(value: str) -> str:
    """Accept what can be an id."""
    from grader.authoring.new.files import is_id, slug

    near = slug(value)
    advice = f" Try {near}." if near else ""
    return (
        "" if is_id(value) else f"{value!r} is not an id: use lowercase letters, digits and hyphens.{advice}"
    )


def checked(value: str, option: str, check: Check) -> str:
    """Return the value of an option. Raises UsageError if it is wrong."""
    if wrong := check(value):
        raise click.UsageError(f"{option}: {wrong}")
    return value


class Values:
    """Asks for the values that no option has given. After the end of the input, defaults apply."""

    def __init__(self) -> None:
        from grader.cli.conversation import Conversation

        self._conversation = Conversation(sys.stdout)
        self._ended = False

    def value(
        self,
        given: str | None,
        option: str,
        question: str,
        otherwise: str | None = None,
        check: Check = anything,
        *,
        shown: str | None = None,
    ) -> str:
        """Return the option's value, or the answer to a question; without an answer, `otherwise`.

        `shown` is how the question names the default; default: itself. Raises UsageError if a given
        value is wrong, or if there is neither an answer nor a default.
        """
        if given is not None:
            return checked(given, option, check)
        hint = otherwise if shown is None else shown
        prompt = f"{question}{f' [{hint}]' if hint else ''}: "
        while (answer := self._read(prompt)) is not None:
            if not answer and otherwise is not None:
                return otherwise
            if answer and not (wrong := check(answer)):
                return answer
            self._conversation.say(wrong if answer else "This cannot be empty.")
        if otherwise is None:
            raise click.UsageError(f"{option} is missing: {question[0].lower()}{question[1:]}.")
        return otherwise

    def values(self, given: Sequence[str], option: str, question: str, check: Check = anything) -> list[str]:
        """Return the option's values, or the answers up to an empty one; at least one. Raises UsageError."""
        if given:
            return [checked(value, option, check) for value in given]
        found = [self.value(None, option, question, check=check)]
        while answer := self.value(None, option, "One more", "", check, shown="Enter: no more"):
            found.append(answer)
        return found

    def later(self, given: str | None, option: str, question: str) -> str:
        """Return a text that may also be written later: "" then."""
        return self.value(given, option, question, "", shown="Enter: later")

    @property
    def ended(self) -> bool:
        """True after the end of the input: nobody can be asked."""
        return self._ended

    def _read(self, prompt: str) -> str | None:
        """Return one line, or None after the end of the input."""
        from grader.cli.conversation import LearnerQuit

        if self._ended:
            return None
        try:
            return self._conversation.read(prompt)
        except LearnerQuit:
            self._ended = True
            self._conversation.write("\n")
            return None
