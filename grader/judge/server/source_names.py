"""Find the names in one statement of a learner's source, or in one definition.

The source is hostile text and the judge must survive it, so it is never parsed.
Regular expressions and bracket counting, both in linear time, read a bounded window.
"""

from __future__ import annotations

import re

MAX_SOURCE = 500_000  # characters; the rest is not read
MAX_LINES = 40  # lines of a statement before and after the line in question
MAX_STATEMENT = 5_000  # characters
MAX_IMPORTED = 2_000  # characters of a parenthesized import
MAX_NAME = 200  # characters
MAX_NAMES = 300
MAX_IMPORTS = 10_000  # names

# strings and comments; a string that does not end counts to the end of its line or of the text
_HIDDEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\\?\Z|"{1,2}\Z)'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z|'{1,2}\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
_IMPORT = re.compile(
    r"(?:^|;)[ \t]*+(?:from[ \t]++([\w.]++)[ \t]++import\b[ \t]*+"
    rf"(\([^()]{{0,{MAX_IMPORTED}}}+\)|[^\n;()]*+)|import[ \t]++([^\n;]*+))",
    re.MULTILINE,
)
_TOKEN = re.compile(
    r"(?P<name>\.?[^\W\d]\w*+(?:\s*+\.\s*+[^\W\d]\w*+)*+)(?:\s*+(?P<after>\(|=(?!=)))?|(?P<bracket>[()\[\]{}])"
)

_UNINDENTED = re.compile(r"^(?=[^\W\d])", re.MULTILINE)
_DEFINED = re.compile(r"(?:(?:async[ \t]++)?(?:def|class)[ \t]++)?(\w++)")
_WORD = re.compile(r"[^\W\d]\w*+")


def code(source: str) -> str:
    """Return the source without comments and the contents of strings, with the same lines.

    A line that ends inside a string ends with a backslash instead.
    """
    source = source[:MAX_SOURCE].replace("\r\n", "\n").replace("\r", "\n")

    def hidden(match: re.Match[str]) -> str:
        if match[0].startswith("#"):
            return ""
        return '""' + "\\\n" * match[0].count("\n")

    return _HIDDEN.sub(hidden, source)


def statement(code: str, line: int) -> str:
    """Return the logical line that contains a line of the code, or "" if there is none."""
    lines = code.split("\n")
    if not 0 < line <= len(lines):
        return ""
    this = line - 1
    start = max(0, this - MAX_LINES)
    window = [text[:MAX_STATEMENT] for text in lines[start : this + MAX_LINES]]
    this -= start
    first = _first(window, this)
    if sum(map(len, window[first:this])) > MAX_STATEMENT:
        first = this
    return "\n".join(window[first : _end(window, first, this)])[:MAX_STATEMENT]


def _first(window: list[str], this: int) -> int:
    """Return the index of the line on which the statement begins."""
    first, closed = this, 0
    for number in range(this - 1, -1, -1):
        for character in reversed(window[number]):
            if character in ")]}":
                closed += 1
            elif character in "([{":
                closed -= 1
                if closed < 0:
                    first, closed = number, 0
        if number == first - 1 and window[number].endswith("\\"):
            first = number
    return first


def _end(window: list[str], first: int, this: int) -> int:
    """Return the index after the statement's last line."""
    opened = 0
    for number in range(first, len(window)):
        text = window[number]
        opened += sum(map(text.count, "([{")) - sum(map(text.count, ")]}"))
        if number >= this and opened <= 0 and not text.endswith("\\"):
            return number + 1
    return len(window)


def imports(code: str) -> list[tuple[str, str]]:
    """Return the imported names, each with its full name: `("Dense", "keras.layers.core.Dense")`."""
    found: list[tuple[str, str]] = []
    for match in _IMPORT.finditer(code):
        if len(found) > MAX_IMPORTS:
            break
        module, names, modules = match.groups()
        for item in (names if module else modules).strip("()").split(","):
            words = item.split()
            if not words or len(item) > MAX_NAME:
                continue
            full = f"{module}.{words[0]}" if module else words[0]
            renamed = len(words) == 3 and words[1] == "as"
            found.append((words[2] if renamed else words[0], full))
    return found


def names(statement: str, imported: list[tuple[str, str]]) -> list[str]:
    """Return the dotted names in a statement, each once, in full as far as imports tell.

    A name that is called ends with "(", as in `keras.layers.Dense(`. A keyword argument
    follows the call to which it belongs: `keras.layers.Dense(units=`.
    """
    known = {name: full for name, full in imported if "." not in name}
    found = dict.fromkeys(full for _, full in imports(statement))
    calls: list[str] = []  # for each open bracket, the name before it
    for match in _TOKEN.finditer(statement):
        if bracket := match["bracket"]:
            if bracket in "([{":
                calls.append("")
            elif calls:
                calls.pop()
            continue
        name = "".join(match["name"].split())
        if match["after"] == "=" and calls and calls[-1]:
            found[calls[-1] + name + "="] = None
            continue
        head, dot, rest = name.partition(".")
        full = known.get(head, head) + dot + rest
        if match["after"] == "(":
            full += "("
            calls.append(full)
        found[full] = None
        if len(found) > MAX_NAMES:
            break
    return [name for name in found if len(name) <= MAX_NAME]


def definitions(name: str, code: str) -> list[str]:
    """Return the top-level definitions of `name`."""
    return [block for block in _blocks(code) if (found := _DEFINED.match(block)) and found[1] == name]


def _blocks(code: str) -> list[str]:
    """Return the top-level statements of the code, each with the lines that are indented below it."""
    return _UNINDENTED.split(code[:MAX_SOURCE])


def used_by(name: str, code: str) -> set[str]:
    """Return the names in the top-level definition of `name`, and in the definitions of these names.

    If there is no such definition, return all names in the code.
    """
    blocks = _blocks(code)
    words = [set(_WORD.findall(block)) for block in blocks]
    definitions: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        if defined := _DEFINED.match(block):
            definitions.setdefault(defined[1], []).append(number)
    if name not in definitions:
        return set().union(*words)
    used, waiting = {name}, [name]
    while waiting:
        for number in definitions.pop(waiting.pop(), ()):
            waiting += words[number] - used
            used |= words[number]
    return used
