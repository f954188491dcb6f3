"""Every sentence that the judge shows to learners. The conditions are checked elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grader.content.exercise import Function
from grader.content.relations import RelationKind
from grader.judge.wire import messages as m
from grader.judge.wire.values import Reason
from grader.wording import listed

# why the worker could not send a value, as a clause
REASONS: dict[Reason, str] = {
    "": "",
    "custom_model": "its class is your own. Use keras.Sequential or keras.Model(inputs, outputs)",
    "unbuilt_model": "it is not built yet. Start it with keras.Input(shape=...)",
    "custom_parts": "it contains custom parts. Use only Keras's own layers and losses",
    "unsendable": "it is too large or too deeply nested",
    "not_eager": "it was made without eager execution",
}

# the only reason that a hidden test tells if it also names a kind of input
UNSUPPORTED_PART = "a part of it is not supported"

_RETURN = " Is a `return` missing?"


def place(label: str | None, line: int | None) -> str:
    """Return " (line 3 of my.py)", " (line 2 of code cell 4)" or ""."""
    if label is None:
        return ""
    return f" ({label})" if line is None else f" (line {line} of {label})"


# --- code outside the functions ---


_FLOOD = f"the limit is {m.MAX_FLOOD // 1_000_000} million characters"
_PRINT_LESS = "Look for a `print` in a loop that runs very often or never ends."


def line_of(label: str, line: int) -> str:
    """Return "line 3 of my.py" or "line 2 of code cell 4"."""
    return f"line {line} of {label}"


def stopped(stop: m.Stop, source: str, seconds: float, advice: str = "") -> str:
    """Say which line stopped and why. `source` is that line; `seconds` is the limit of one statement.

    No test has run yet, so the error's text can be shown.
    """
    where = line_of(stop.label, stop.line)
    if stop.syntax:
        left_out = f"Python cannot read {where}, so it was left out: {_one_line(stop.text)}."
        return left_out + _caret(source, stop.column)
    if stop.timed_out:
        return (
            f"{_capital(where)} was stopped because it ran too long (the limit is {seconds:.0f} s). "
            "Move training, and whatever else takes long, under `if __name__ == '__main__':`."
        )
    if stop.type == m.PRINTED_TOO_MUCH:
        return f"{_capital(where)} was stopped because it printed too much ({_FLOOD}). {_PRINT_LESS}"
    if "SystemExit" in stop.bases:
        says = "" if stop.text in ("", "None") or stop.text.isdecimal() else f' ("{_one_line(stop.text)}")'
        return f"{_capital(where)} ends the program{says}. The rest was run all the same."
    return with_advice(f"{_capital(where)} stopped: {_one_line(_error(stop))}.", advice)


def stop_below_its_cell(stop: m.Stop) -> str:
    """Return the error alone, to be shown below the cell that it ended."""
    if stop.type == m.PRINTED_TOO_MUCH:
        return f"Stopped{place(stop.label, stop.line)}: it printed too much ({_FLOOD})."
    return f"{_error(stop)}{place(stop.label, stop.line)}"


def without_ipython() -> str:
    return (
        "IPython is not installed here, so magics and shell lines were left out. "
        "To run them, install it: pip install ipython."
    )


def _caret(source: str, column: int | None) -> str:
    """Return the line with a caret below the position of the error, each on a line of its own."""
    code = source.lstrip()
    if not code or len(code) > 200:
        return ""
    shown = f"\n    {code}"
    position = (column or 0) - 1 - (len(source) - len(code))
    return shown + (f"\n    {' ' * position}^" if 0 <= position <= len(code) else "")


def _one_line(text: str) -> str:
    line = " ".join(text.split()).removesuffix(".")
    return line if len(line) <= 300 else f"{line[:299]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def load_timed_out(seconds: float) -> str:
    return (
        f"Your code was still running after {seconds:.0f} s, before any test could start. "
        "Move training and plotting under `if __name__ == '__main__':`."
    )


def load_crashed() -> str:
    return "Python exited while loading your code. Look for exit() or os._exit() outside a function."


def cells_timed_out(seconds: float) -> str:
    return f"The cells were still running after {seconds:.0f} s. Look for a loop that never ends."


def cells_crashed() -> str:
    return "Python exited while the cells were running. Look for exit(), os._exit() or endless recursion."


# --- functions ---


def missing(function: str, stop: m.Stop | None = None, near: str = "", advice: str = "") -> str:
    """Say that there is no such function, because of `stop` if it is given."""
    if stop is None:
        meant = f" You define {near}. Did you mean {function}?" if near else ""
        return f"There is no function called {function} in your file.{meant}"
    where = line_of(stop.label, stop.line)
    if stop.syntax:
        return f"{left_out(function, where)}{_one_line(stop.text)}."
    _, stopped_there = because_of(where)
    reason = f"{function} is not defined, {stopped_there} {_one_line(_error(stop))}."
    return with_advice(reason, advice)


def left_out(function: str, where: str) -> str:
    """Return how the message begins that says where Python cannot read a function."""
    unreadable, _ = because_of(where)
    return f"{function} was left out, {unreadable} "


def because_of(where: str) -> tuple[str, str]:
    """Return the words that name a place as the reason: it cannot be read, or it stopped."""
    return f"because Python cannot read {where}:", f"because {where} stopped:"


def overwritten(function: str) -> str:
    return f"The name {function} is given to another value below the function. The function was tested."


def renamed_parameters(function: str, names: Mapping[str, str]) -> str:
    """Say that parameters have other names than promised. `names` maps promised to actual ones."""
    pairs = _and([f"{actual} instead of {promised}" for promised, actual in names.items()])
    return (
        f"{function} has the parameter{'s' * (len(names) > 1)} {pairs}. "
        "Calls by position work, but calls by keyword would fail."
    )


def keyword_fails(function: str, promised: Iterable[str], keyword: str, actual: str) -> str:
    """Say that a test passes an argument by a keyword that the function does not have."""
    yours = f"has {actual} instead of {keyword}" if actual else f"does not take {keyword}"
    return (
        f"{function} should take ({', '.join(promised)}), but yours {yours}. "
        "This test passes that argument by its name."
    )


def not_callable(function: str) -> str:
    return f"{function} is defined in your file, but it is not a function."


def blank(function: str) -> str:
    return f"{function} is still blank: write its body."


def parameters(function: str, promised: Iterable[str], lacking: Iterable[str], extra: Iterable[str]) -> str:
    start = f"{function} should take ({', '.join(promised)}), but yours"
    if lacking := list(lacking):
        return f"{start} is missing {_few(lacking)}."
    return f"{start} also requires {_few(extra)}."


def raised(function: str, error: m.Raised, visible: bool) -> str:
    """Say that the learner's code raised in a call.

    A hidden test does not show the error's text, because it may contain the test's data.
    """
    if "SystemExit" in error.bases:
        ends = f"{function} ends the program{place(error.label, error.line)}. "
        return ends + "Remove exit() or sys.exit(), and return a value."
    what = _error(error) if visible else error.bases[0] if error.bases else "an error"
    return f"{function} raised {what}{place(error.label, error.line)}."


def called_wrongly(function: str, parameters: Iterable[str], positional: int, keywords: Sequence[str]) -> str:
    """Say how a callable that the learner's function received is to be called, as the text of an error."""
    got = f"{positional} argument{'s' * (positional != 1)}"
    if keywords:
        got += f" and the keyword{'s' * (len(keywords) > 1)} {_few(keywords)}"
    return f"call it as {function}({', '.join(parameters)}), but your code passes {got}"


def _error(error: m.Raised | m.Stop) -> str:
    if "EOFError" in error.bases:
        return "EOFError: input() cannot be used here because nobody can answer. Remove it"
    return f"{error.type}: {error.text}" if error.text else error.type


def renamed(old: str, new: str, library: str) -> str:
    return f"{old} is called {new} in {library}."


def removed(old: str, instead: str, library: str) -> str:
    return f"{library} has no {old}. {instead}."


def with_advice(message: str, advice: str) -> str:
    return f"{message} {advice}" if advice else message


def no_library(name: str, usable: str) -> str:
    """Say what may be used instead of a library that is not there; `name` may be ""."""
    return f"{name or 'A library that it imports'} is not available here: use only {usable}."


def install_library(name: str, requirement: str) -> str:
    """Say that a library of the exercise is missing on this machine."""
    return (
        f"This exercise may use {name}, but it is not installed on this machine. "
        f"Install it: pip install '{requirement}'."
    )


def eager_off(label: str, line: int) -> str:
    return f"Line {line} of {label} turns off eager execution, but Keras 3 needs it. Remove that line."


def other_dtype(label: str, line: int) -> str:
    return f"Line {line} of {label} changes the precision of Keras for all models. Remove that line."


def no_network() -> str:
    return "Your code has no network here, so it cannot download anything. Create the data in your code."


def no_files(data: Sequence[str] = ()) -> str:
    if data:
        return (
            f"Here your code can read {listed(data)} and no other file. "
            "Open a file by exactly this path, relative to your own file."
        )
    return (
        "Your code runs without your files and without Google Drive. Create the data in your code, "
        "or keep this part under `if __name__ == '__main__':`."
    )


def no_access(data: Sequence[str] = ()) -> str:
    if data:
        return (
            f"Your code has no access there. It can only read {listed(data)}. To write a file, "
            "use a file name of your own without a path."
        )
    return (
        "Your code has no access there. It can only write files into its current directory, "
        "so use a file name without a path."
    )


def timed_out(call: str, seconds: float) -> str:
    return f"{call} did not return within {seconds:.0f} s. Look for a loop that never ends."


def printed_too_much(call: str) -> str:
    return f"{call} was stopped because it printed too much ({_FLOOD}). {_PRINT_LESS}"


def not_tried_again(function: str) -> str:
    return f"{function} timed out in two earlier tests, so it was not called again."


def out_of_time() -> str:
    return "Earlier tests used up the time limit for the whole submission."


def out_of_time_here() -> str:
    return "The time limit for the whole submission ran out during this test."


def test_timed_out(seconds: float) -> str:
    return f"Each call returned, but this test's calls together took more than {seconds:.0f} s."


def crashed(call: str) -> str:
    return f"Python exited while running {call}. Look for exit(), os._exit() or endless recursion."


def out_of_memory(call: str) -> str:
    return f"{call} ran out of memory. Look for something that grows without bound."


def bad_reply(function: str, reason: str) -> str:
    return f"The result of {function} cannot be used" + (f" because {reason}." if reason else ".")


def wrong_count(function: str, names: list[str], got: str) -> str:
    sentence = f"{function} should return {len(names)} values ({', '.join(names)}), but it returned {got}."
    return sentence + _RETURN * (got == "None")


def wrong_kind(function: str, name: str, promised: str, got: str, reason: str) -> str:
    """Say that a result, or the part of it called `name`, is not of the promised kind."""
    if name == "":
        sentence = f"{function} should return {promised}, but it returned {got}."
    else:
        sentence = f"{name} should be {promised}, but {function} returned {got}."
    return sentence + (f" {reason[0].upper()}{reason[1:]}." if reason else "") + _RETURN * (got == "None")


def in_call(call: str) -> str:
    """Show the call that a failure is about."""
    return f"in {call}"


def in_one_call(call: str, number: int, count: int) -> str:
    """Show the call that a failure is about, which is not the last one."""
    return f"in call {number} of {count}: {call}"


def last_call(call: str, count: int) -> str:
    """Show the last of several calls. The failure may be about an earlier one."""
    return f"last of {count} calls: {call}"


def no_error(function: str, promised: str, when: str) -> str:
    return f"{function} should raise {promised} {when}, but it did not."


def other_error(function: str, promised: str, when: str, got: str) -> str:
    return f"{function} should raise {promised} {when}, but it raised {got}."


def changed(function: str, names: Iterable[str]) -> str:
    names = list(names)
    if not names:
        return f"{function} modified its arguments. Work on copies."
    if len(names) == 1:
        return f"{function} modified its argument {names[0]}. Work on a copy."
    return f"{function} modified its arguments {_and(names)}. Work on copies."


def warned(function: str) -> str:
    return f"{function} shows a RuntimeWarning, as numpy does for a number that is too large."


# --- relations between results and the right ones; hidden tests show them, so they hold no values ---

_SINGULAR = ("is", "has", "holds", "lacks", "it", "begins")
_PLURAL = ("are", "have", "hold", "lack", "they", "begin")

# {s}: the results; {v}: each number in them; {f}: the function
_RELATIONS: dict[RelationKind, str] = {
    RelationKind.SWAPPED: "your results {names} are swapped.",
    RelationKind.RESULTS_REORDERED: "your results {names} are returned in the wrong order.",
    RelationKind.DUPLICATED: "{s} {is} what {other} should be.",
    RelationKind.REORDERED: "{s} {holds} the right items, but in another order.",
    RelationKind.ROTATED: "{s} {holds} the right items, but {it} {begins} in the middle.",
    RelationKind.CUT_ELSEWHERE: "{s} {holds} the right items in order, but the cut is at the wrong place.",
    RelationKind.AXIS_MISSING: "{s} {lacks} {axis}, which has length 1.",
    RelationKind.AXIS_EXTRA: "{s} {has} one axis too many: {axis}, which has length 1.",
    RelationKind.AXES_SWAPPED: "the axes of {s} are in the wrong order.",
    RelationKind.RESHAPED: "{s} {holds} the right values in the right order, but in another shape.",
    RelationKind.REVERSED: "{s} {is} in reverse order.",
    RelationKind.REVERSED_WITHIN: "{s} {is} in reverse order along {axis}.",
    RelationKind.BELONGS_EARLIER: "each item of {s} belongs one position earlier.",
    RelationKind.BELONGS_LATER: "each item of {s} belongs one position later.",
    RelationKind.FIRST_WRONG: "only the first item of {s} is wrong.",
    RelationKind.LAST_WRONG: "only the last item of {s} is wrong.",
    RelationKind.LAST_MISSING: "the last item of {s} is missing; the rest is right.",
    RelationKind.FIRST_MISSING: "the first item of {s} is missing; the rest is right.",
    RelationKind.END_MISSING: "the beginning of {s} is right, but the end is missing.",
    RelationKind.START_MISSING: "the end of {s} is right, but the beginning is missing.",
    RelationKind.THINNED: "{s} {holds} only some of the right items, at regular distances.",
    RelationKind.ONE_MORE_AT_END: "{s} {has} one item too many, at the end.",
    RelationKind.ONE_MORE_AT_START: "{s} {has} one item too many, at the beginning.",
    RelationKind.MORE_AT_END: "{s} {is} right at first, but there are too many items at the end.",
    RelationKind.MORE_AT_START: "{s} {has} too many items at the beginning, but the rest is right.",
    RelationKind.ROOTED: "{v} is the square root of the right one.",
    RelationKind.SQUARED: "{v} is the square of the right one.",
    RelationKind.SUMMED: "{v} is a sum where an average is expected.",
    RelationKind.AVERAGED: "{v} is an average where a sum is expected.",
    RelationKind.NEGATED: "{v} has the wrong sign.",
    RelationKind.ROUNDED: "{v} is rounded, but it should be exact.",
    RelationKind.TRUNCATED: "{v} has lost its decimals.",
    RelationKind.CAST: "the values of {s} are right, but the dtype is not.",
    RelationKind.SCALED: "{v} is the right one multiplied by a constant.",
    RelationKind.OFFSET: "{v} is off by the same amount{every}.",
    RelationKind.RESCALED: "{v} is scaled and shifted, as when data are normalized.",
    RelationKind.RENUMBERED: "{s} {holds} the right items, but they are numbered in another way.",
    RelationKind.LETTER_CASE: "{s} {is} right except for upper and lower case.",
    RelationKind.INVERTED: "the keys and values of {s} are swapped.",
    RelationKind.CONSTANT: "{f} returns the same result whatever its arguments are.",
    RelationKind.ARGUMENT_IGNORED: "the result of {f} does not change when {argument} changes.",
    RelationKind.PRINTED: "{f} prints something, but returns None. Return the result instead of printing it.",
    RelationKind.RETURNED: "{f} returns a result for arguments that it should reject with an error.",
    RelationKind.RAISED: (
        "{f} raises ValueError for arguments that are valid. "
        "It may be a check of your own, or an operation that fails."
    ),
}


def relation(
    kind: RelationKind,
    function: Function,
    results: Sequence[str],
    *,
    argument: str = "",
    other: str = "",
    side: str = "",
    together: bool = False,
    sometimes: bool = False,
    is_second: bool = False,
) -> str:
    """Say how results differ from the right ones. All names come from exercise.yaml.

    `results` are names of results, or of the entries that the contract promises in a dictionary.
    `other` is the result that a duplicated one repeats. `side` tells which axis is meant: "first",
    "second", "last" or "". `together` means that results are joined, and `sometimes` that other
    calls are right. `is_second` means that the results are compared with those of a known mistake,
    which is told before.
    """
    names = [*(results or function.returns)]
    is_only_result = names == [*function.returns] and len(names) == 1
    result = "your result" if is_only_result else _and(names)
    is_number = len(names) == 1 and function.returns.get(names[0]) in ("float", "int")
    if together:
        result += ", taken together,"
    verbs = _PLURAL if len(names) > 1 else _SINGULAR
    sentence = _RELATIONS[kind].format(
        f=function.name,
        s=result,
        v=result if is_number else f"each number in {result}",
        every=" in every call" if is_number else "",
        names=_and(names),
        argument=argument,
        other=other,
        axis=f"the {side} axis" if side else "an axis",
        **dict(zip(_SINGULAR, verbs, strict=True)),
    )
    if sometimes:
        sentence = f"in some calls, {sentence}"
    if is_second:
        return f"{function.name} has a second problem. With the first one fixed, {sentence}"
    is_name = sentence.split()[0].rstrip(",") in (*names, function.name)
    return sentence if is_name else _capital(sentence)


# --- contracts; hidden tests show them ---


def wrong_shape(name: str, shape: str, label: str) -> str:
    return f"The shape of {name} is not {shape}{_for(label)}."


def wrong_dtype(name: str, dtype: str, label: str) -> str:
    return f"{name} should be {dtype}{_for(label)}."


def wrong_keys(name: str, label: str) -> str:
    return f"{name} does not have exactly the keys that the contract names{_for(label)}."


def wrong_length(name: str, label: str) -> str:
    return f"{name} does not have the length that the contract asks for{_for(label)}."


def no_array(name: str, label: str) -> str:
    return f"The type of {name} is not a numpy array{_for(label)}."


def wrong_values(says: str, label: str) -> str:
    """Complete an author's sentence about a result with the kind of input for which it is wrong."""
    return f"{says.removesuffix('.')}{_for(label)}."


def happened(message: str, label: str) -> str:
    """Add the kind of input to what is said about a call that failed."""
    end = "" if message.endswith((".", "?", "!")) else "."
    return f"{message}{end} This happened{_for(label)}." if label else message


def _for(label: str) -> str:
    return f" for {label}" if label else ""


def unusable(function: str) -> str:
    return f"The result of {function} could not be used. Compare its shape and type with the contract."


def too_large(function: str) -> str:
    return f"The result of {function} takes too much memory to test. Return only what the contract asks for."


def ended_the_judge() -> str:
    return (
        "The test process ended twice while it tested your code, but it tests other code normally. "
        "Look for very large values."
    )


def passes_after(functions: Iterable[str]) -> str:
    functions = list(functions)
    return f"It passes once {_and(functions)} {'is' if len(functions) == 1 else 'are'} right."


def judge_broken(place_: str) -> str:
    return f"This test is broken ({place_}), not your code. It costs you no points. Please tell the author."


# --- stand-ins for models ---


def stand_in_method(method: str) -> str:
    return f"The code calls {method}, but the models of this test have only fit, predict and evaluate."


def stand_in_callback(callback: str) -> str:
    return f"The callback {callback} changes the training. Train without it, as the contract says."


def unknown_callback() -> str:
    return (
        "Not judged: fit receives a callback, and the test cannot tell what it does. "
        "Your code may be right, and your instructor decides."
    )


def weighted_fit(argument: str) -> str:
    return f"fit receives {argument}, so the training data do not all count the same."


def partial_epochs() -> str:
    return "With this steps_per_epoch, an epoch does not go through all of the training data."


# --- models ---


def other_input() -> str:
    return "The model does not take the inputs that the contract asks for. Compare their number and shapes."


def other_output() -> str:
    return "The model should have a single output, as the contract says."


def other_kind_of_input(named: bool) -> str:
    form = "dictionary" if named else "list"
    return f"The model should take its inputs as a {form}, as the contract says."


def other_connections() -> str:
    return (
        "The layers are the right ones, but they are not connected as the contract says. "
        "Check what each layer receives."
    )


def numbered(kind: str, number: int = 0) -> str:
    """Return the name of a layer: "Dense layer", or "second Dense layer" if there are several."""
    counted = ("", "first ", "second ", "third ", "fourth ", "fifth ")
    return f"{counted[number] if number < len(counted) else ''}{kind} layer"


def other_arguments(layer: str) -> str:
    return (
        f"The {layer} does not receive what the contract asks for. "
        "Check every argument with which you call it."
    )


def extra_layer(kind: str) -> str:
    return f"The model has a {kind} layer, which the contract does not ask for."


def other_layers(kinds: list[str]) -> str:
    return (
        f"The layers should be {_and(kinds)}, in this order."
        if len(kinds) > 1
        else (f"The layer should be {_and(kinds)}.")
    )


def other_inner_layer(wrapper: str, kind: str) -> str:
    return f"The layer inside {wrapper} should be {kind}."


def other_layers_of_graph(kinds: list[str]) -> str:
    return f"The layers that lead from the inputs to the output should be {_and(kinds)}."


def other_activation(kind: str, activation: str) -> str:
    return f"The activation of the {kind} layer should be {activation}."


def frozen_layer(kind: str) -> str:
    return f"The {kind} layer is frozen, but the contract asks for layers that can be trained."


def other_option(owner: str, option: str, default: bool) -> str:
    """Say that an option of "Dense layer" or "optimizer" is not that of the contract, without its value."""
    if default:
        return f"The {owner} sets {option}, but the contract asks for Keras's default."
    return f"The {owner} does not set {option} as the contract asks."


def not_compiled() -> str:
    return "The model is not compiled."


def is_compiled() -> str:
    return "The model is compiled, but the contract does not ask for that."


def other_optimizer(kind: str) -> str:
    return f"The optimizer should be {kind}."


def other_rate() -> str:
    return "The learning rate of the optimizer is not the one that the contract asks for."


def other_loss(loss: str) -> str:
    return (
        f"The loss should be {loss.replace('_', ' ')}."
        if loss
        else "The loss is not the one of the contract."
    )


def loss_of_logits(loss: str) -> str:
    return (
        f"The loss should be {loss.replace('_', ' ')} without from_logits=True, because the outputs should be"
        " probabilities."
    )


def other_compile_option(option: str) -> str:
    if not option:
        return "The model is not compiled with the options that the contract asks for."
    return f"The model is compiled with {option}, but the contract asks for Keras's default."


def trained() -> str:
    return "The weights are no longer initial ones. The function should build the model, not train it."


def optimizer_has_stepped() -> str:
    return "The optimizer has already made training steps. The function should build the model, not train it."


def not_independent() -> str:
    return (
        "Two calls return the same model, or models that share a layer, so training one changes the other. "
        "Create new layers in each call."
    )


def one_optimizer() -> str:
    return "The models of two calls share one optimizer. Create a new one in each call."


def not_runnable(function: str, reason: str) -> str:
    """Say why the page cannot run the model of a function."""
    return f"The network that {function} builds cannot run on this page, because {reason}."


def training_timed_out(function: str) -> str:
    """Say that the judge gave up on training the model of a function."""
    return f"Training the network that {function} builds took too long. Use fewer units or layers."


def not_judged(reason: str, details: str) -> str:
    shown = f" ({details})" if details else ""
    return (
        f"Not judged: the model cannot be compared because {reason}{shown}. "
        "It may be right, and your instructor decides."
    )


def refused_model(reason: str, details: str) -> str:
    return f"The model cannot be checked because {reason}" + (f" ({details})." if details else ".")


def _and(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def _few(names: Iterable[str]) -> str:
    """Return names as in a sentence, at most five of them."""
    names = list(names)
    return _and(names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} others"])
