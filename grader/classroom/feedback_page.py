"""Feedback as a page and as plain text, with the learner's code and its line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from grader.classroom.feedback import Code, Feedback
from grader.classroom.legible import legible
from grader.tutor.parts import Part, as_text, blocks

_STYLE = """
:root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --rule: #767676; }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --page: #16181a; --rule: #9a9a9a; } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h2 { border-top: 1px solid var(--rule); padding-top: 0.5rem; font-size: 1.2rem; }
h3 { font-size: 1rem; margin-bottom: 0.3rem; }
li { margin: 0.3rem 0; }
.code { overflow-x: auto; border: 1px solid var(--rule); }
.code ol { margin: 0; padding: 0.5rem 0.5rem 0.5rem 4rem; width: max-content; }
.code li { margin: 0; font: 0.875rem/1.5 ui-monospace, monospace; }
.code code { white-space: pre; font: inherit; }
"""


def page(feedback: Feedback) -> str:
    """Return a page that needs no other file."""
    name = f"{feedback.title} ({feedback.learner})"
    content = "\n".join(
        [
            f"<h1>{escape(feedback.title)}</h1>",
            f"<p>Feedback for {escape(feedback.learner)}</p>",
            *(
                f"<section><h2>{escape(part.heading)}</h2>{''.join(blocks(part.lines))}</section>"
                for part in feedback.parts
            ),
            *_code(feedback),
        ]
    )
    return legible(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(name)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{content}\n</main></body></html>\n"
    )


def _code(feedback: Feedback) -> Iterator[str]:
    if feedback.note:
        yield f"<p>{escape(feedback.note)}</p>"
    if not feedback.code:
        return
    yield "<section><h2>Your code</h2>"
    for place, code in enumerate(feedback.code):
        label = escape(code.label, quote=True)
        lines = "".join(f"<li><code>{escape(line)}</code></li>" for line in code.lines)
        yield f'<h3 id="code-{place}">{label}</h3>'
        if lines:  # a scrolled region must be reachable with the keyboard
            yield f'<div class="code" role="region" tabindex="0" aria-labelledby="code-{place}">'
            yield f"<ol>{lines}</ol></div>"
        yield from (f"<p>{escape(line)}</p>" for line in _left_out(code))
    yield "</section>"


def text(feedback: Feedback) -> str:
    """Return the same as plain text."""
    parts = [Part(feedback.title, (f"Feedback for {feedback.learner}",)), *feedback.parts]
    parts += [Part(feedback.note)] if feedback.note else []
    for code in feedback.code:
        width = len(str(len(code.lines)))
        numbered = (f"{number:>{width}}  {line}" for number, line in enumerate(code.lines, 1))
        parts.append(Part(f"Your code: {code.label}", (*numbered, *_left_out(code))))
    return legible(as_text(parts) + "\n")


def _left_out(code: Code) -> Iterator[str]:
    if code.left_out:
        yield f"{code.left_out} more lines are left out."
