"""What learners read in questions about their own code."""

from __future__ import annotations

from collections.abc import Sequence

OWN_OTHERWISE = "Follow the call through your code, line by line."
OWN_RIGHT = ""
OWN_RETURNS = "Your function returns a result for this call."
OWN_OTHER_RESULT = "Your function returns something else for this call."
OWN_NOT_REACHED = "This line does not run in this call."
OWN_NO_GUARD = "If this line did nothing, your code would not give that result."


def _call(text: str) -> str:
    return f"Take this call of your code:\n\n```python\n{text}\n```\n\n"


def own_result(call: str, phrase: str) -> str:
    return f"{_call(call)}What is {phrase}?"


def own_about(call: str, question: str) -> str:
    """Return a question that speaks of "this call"."""
    return f"{_call(call)}{question}"


def own_other_call(call: str) -> str:
    is_short = not {"`", "\n"} & {*call}
    return f"That is the answer for `{call}`." if is_short else "That is the answer for another call."


def own_explained(phrase: str, call: str, text: str) -> str:
    return f"For this call, {phrase} is {text}."


def own_which_raises(function: str) -> str:
    return f"Your `{function}` raises an exception for one of these calls. Which one?"


def own_raises(call: str, error: str) -> str:
    return f"Your code raises {error} for `{call}`." if "`" not in call else f"Your code raises {error}."


def own_same_result(call: str) -> str:
    return f"{_call(call)}Which of these calls returns the same?"


def own_same(call: str) -> str:
    return f"`{call}` returns the same." if "`" not in call else "Both calls return the same."


def own_raised(error: str) -> str:
    return f"The call raises {error}."


def own_observed(call: str, name: str, place: str, number: int) -> str:
    return (
        f"{_call(call)}Your code calls its argument `{name}` several times. "
        f"What does that function receive as its {place} argument in call {number}, counted from 1? "
        "Only the numbers are listed."
    )


def own_that_is_call(number: int) -> str:
    return f"That is what it receives in call {number}."


def own_received(number: int, text: str) -> str:
    return f"In call {number}, it receives {text}."


def own_line_count(call: str, line: str) -> str:
    return f"{_call(call)}How many times does {line} run?"


def own_other_count(line: str) -> str:
    return f"That is how often {line} runs."


def own_count(line: str, count: int) -> str:
    return f"During this call, {line} runs {count} times."


def own_round_value(call: str, name: str, line: str, number: int, loop: str, is_header: bool) -> str:
    if is_header:
        return f"{_call(call)}What is `{name}` in round {number} of the loop in {loop}? Count rounds from 1."
    return (
        f"{_call(call)}In round {number} of the loop in {loop}, what is `{name}` "
        f"right after {line}? Count rounds from 1."
    )


def own_round(number: int) -> str:
    return f"That is its value in round {number}."


def own_rounds(name: str, texts: Sequence[str], count: int) -> str:
    more = ", …" if count > len(texts) else ""
    return f"Round by round, `{name}` is {', '.join(texts)}{more}."


def own_raise_line(call: str) -> str:
    return f"{_call(call)}This call raises an exception. Which line raises it?"


def own_stopped(line: str) -> str:
    return f"The call stops in {line}."


def own_value_from(call: str, name: str, line: str) -> str:
    return f"{_call(call)}Which line has set the `{name}` that {line} uses?"


def own_not_there(name: str) -> str:
    return f"The `{name}` that is used there does not come from this line."


def own_set_there(name: str, line: str) -> str:
    return f"That `{name}` was set in {line}."


def own_holds(call: str, value: str, line: str) -> str:
    return f"{_call(call)}Which variable is {value} when {line} runs?"


def own_holds_other(value: str) -> str:
    return f"This variable is {value} then."


def own_held(name: str, value: str, line: str) -> str:
    return f"`{name}` got the value {value} in {line}."


def own_removed(line: str) -> str:
    return f"{line} did nothing"


def own_edited(line: str, now: str) -> str:
    return f"{line} were `{now}`"


def own_change(call: str, says: str, phrase: str) -> str:
    return f"{_call(call)}Suppose that {says}. What would be {phrase}?"


def own_other_change(says: str) -> str:
    return f"That would be so if {says}."


def own_guards(call: str, belief: str) -> str:
    return (
        f"{_call(call)}Someone else's code gives a wrong result for it, because of this wrong idea:\n\n"
        f"> {belief}\n\nWhich line keeps your code from giving the same result?"
    )


def own_guarded(line: str, correction: str) -> str:
    return f"If {line} did nothing, your code would give the same result. {correction}"


def own_changed(phrase: str, call: str, text: str, now: str) -> str:
    return f"With this change: {text.rstrip('.')}. Without it, {phrase} is {now}."


def own_answer(text: str) -> str:
    return f"Your code gives {text}." if text.startswith("`") else f"Your code gives `{text}`."


def own_place(label: str, line: int) -> str:
    """Return "line 3" or, if there are several cells, "line 2 of code cell 4"."""
    return f"line {line} of {label}" if label else f"line {line}"
