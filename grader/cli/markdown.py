"""Markdown blocks for the terminal, limited to what lessons use.

These are paragraphs, headings, lists, quotes, tables and fenced code. Anything
else is shown as it is written.
"""

from __future__ import annotations

import re

from grader.cli.text import Look, Screen, Span, columns, spans

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"^(?P<indent> {0,3})(?P<mark>[-*+]|\d{1,3}[.)])(?P<gap> +)(?=\S)")
_QUOTE = re.compile(r"^ {0,3}> ?")
_DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_CELLS = re.compile(r"(?<!\\)\|")
_FORMULA = re.compile(r"(?P<mark>\${1,2})(?P<latex>(?:\\.|[^$\\])+)(?P=mark)")
GAP = "  "  # between two columns of a table


def render(text: str, screen: Screen, indent: str = "") -> list[str]:
    """Return the text as lines for the screen, with one empty line between blocks."""
    lines = text.expandtabs(4).split("\n")
    done: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        start = at
        if match := _FENCE.match(line):
            at, block = _fenced(lines, at, match.group(1), screen, indent)
        elif match := _HEADING.match(line):
            at, block = at + 1, screen.lines(spans(match.group(2), Look.BOLD), indent)
        elif _is_table(lines, at):
            at, block = _table(lines, at, screen, indent)
        elif _ITEM.match(line):
            at, block = _item(lines, at, screen, indent)
        elif _QUOTE.match(line):
            while at < len(lines) and _QUOTE.match(lines[at]):
                at += 1
            inner = "\n".join(_QUOTE.sub("", quoted) for quoted in lines[start:at])
            block = render(inner, screen, indent + "| ")
        else:
            at += 1
            while at < len(lines) and not _starts_block(lines, at):
                at += 1
            block = _paragraph(" ".join(part.strip() for part in lines[start:at]), screen, indent)
        tight = start > 0 and lines[start - 1].strip() and _ITEM.match(line)
        if done and not tight:
            done.append("")
        done += block
    return done


def _paragraph(text: str, screen: Screen, indent: str) -> list[str]:
    """Return a paragraph. One that is nothing but a formula is set apart."""
    if match := _FORMULA.fullmatch(text):
        from grader.cli.formula import formula

        shown = Span(formula(match["latex"]), Look.BOLD)
        return screen.lines([shown], indent + "    ", indent + "      ")
    return screen.lines(spans(text), indent)


def _starts_block(lines: list[str], at: int) -> bool:
    """Return True if a paragraph ends before this line."""
    line = lines[at]
    return (
        not line.strip()
        or any(pattern.match(line) for pattern in (_FENCE, _HEADING, _ITEM, _QUOTE))
        or _is_table(lines, at)
    )


def _fenced(lines: list[str], at: int, fence: str, screen: Screen, indent: str) -> tuple[int, list[str]]:
    """Return fenced code, unchanged and indented by four columns. Python is colored if the screen is."""
    is_python = lines[at].strip().removeprefix(fence).strip() == "python"
    margin = len(lines[at]) - len(lines[at].lstrip())
    code: list[str] = []
    at += 1
    while at < len(lines) and not lines[at].strip().startswith(fence):
        line = lines[at]
        code.append(line[min(margin, len(line) - len(line.lstrip())) :])
        at += 1
    if screen.styled and is_python:
        from grader.cli.highlight import highlighted

        colored = highlighted(code)
    else:
        colored = [screen.show(Span(line, Look.CODE)) for line in code]
    shown = [f"{indent}    {new}" if old.strip() else "" for old, new in zip(code, colored, strict=True)]
    return at + 1, shown


def _item(lines: list[str], at: int, screen: Screen, indent: str) -> tuple[int, list[str]]:
    """Return one list item with everything that is indented under it."""
    match = _ITEM.match(lines[at])
    assert match is not None
    margin = match.end()
    inner = [lines[at][margin:]]
    at += 1
    while at < len(lines):
        line = lines[at]
        deep = len(line) - len(line.lstrip())
        if not line.strip():
            # an empty line belongs to the item only if indented text follows
            following = next((later for later in lines[at:] if later.strip()), "")
            if len(following) - len(following.lstrip()) < margin:
                break
        elif deep < margin and (_starts_block(lines, at) or not inner[-1].strip()):
            break
        inner.append(line[min(margin, deep) :])
        at += 1
    bullet = match["mark"] + " "
    block = render("\n".join(inner), screen, indent + " " * len(bullet))
    first = block[0] if block else ""
    return at, [indent + bullet + first[len(indent) + len(bullet) :], *block[1:]]


def _is_table(lines: list[str], at: int) -> bool:
    return (
        "|" in lines[at]
        and at + 1 < len(lines)
        and "|" in lines[at + 1]
        and _DELIMITER.match(lines[at + 1]) is not None
    )


def _table(lines: list[str], at: int, screen: Screen, indent: str) -> tuple[int, list[str]]:
    header, at = _row(lines[at]), at + 2
    rows = []
    while at < len(lines) and "|" in lines[at]:
        cells = _row(lines[at])
        rows.append([*cells, *[""] * (len(header) - len(cells))][: len(header)])
        at += 1
    return at, table(header, rows, screen, indent)


def _row(line: str) -> list[str]:
    return [cell.strip().replace(r"\|", "|") for cell in _CELLS.split(line.strip().strip("|"))]


def table(header: list[str], rows: list[list[str]], screen: Screen, indent: str = "") -> list[str]:
    """Return a table. On a narrow screen, each cell gets its own line with its heading."""
    shown = [[list(spans(cell)) for cell in row] for row in [header, *rows]]
    sizes = [max(_size(row[i]) for row in shown) for i in range(len(header))]
    if columns(indent) + sum(sizes) + len(GAP) * (len(sizes) - 1) > screen.width:
        return _stacked(header, rows, screen, indent)
    rule = indent + GAP.join("-" * size for size in sizes)
    body = []
    for row in shown:
        cells = [_padded(cell, size, screen) for cell, size in zip(row, sizes, strict=True)]
        body.append((indent + GAP.join(cells)).rstrip())
    return [body[0], rule, *body[1:]]


def _size(cell: list[Span]) -> int:
    return sum(columns(span.text) for span in cell)


def _padded(cell: list[Span], size: int, screen: Screen) -> str:
    return "".join(screen.show(span) for span in cell) + " " * (size - _size(cell))


def _stacked(header: list[str], rows: list[list[str]], screen: Screen, indent: str) -> list[str]:
    done: list[str] = []
    for row in rows:
        done += screen.lines(spans(f"{header[0]}: {row[0]}" if header[0] else row[0], Look.BOLD), indent)
        for name, cell in zip(header[1:], row[1:], strict=True):
            if cell:
                done += screen.lines(spans(f"{name}: {cell}"), indent + "  ", indent + "    ")
    return done
