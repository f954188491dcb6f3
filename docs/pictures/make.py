"""Draw the picture of the README: a real check at a terminal, as SVG.

    python docs/pictures/make.py [FILE]

It checks a file with a known mistake and draws what the terminal shows. Run it again
when the words or colors of a check change; a test compares the picture with a new one.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pexpect

ROOT = Path(__file__).parents[2]
PICTURE = Path(__file__).with_name("check.svg")
EXERCISE = ROOT / "exercises" / "exercise-lstm"
MISTAKE = EXERCISE / "mistakes" / "shuffled_split.py"
COMMAND = "course check exercise-lstm"

COLUMNS = 100
LINE, CHARACTER, MARGIN = 19, 8, 18  # height, width and border in pixels
LOOKS = {"1": "bold", "3": "italic", "31": "bad", "32": "good", "36": "code"}  # codes of terminals
ESCAPES = re.compile(r"\x1b\[([\d;]*)([A-Za-z])")
# dark in light and dark pages alike; the contrast of each color is above 7 to 1
STYLE = """
  text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace }
  text { fill: #e6e6e6; white-space: pre }
  .bold { font-weight: bold } .italic { font-style: italic }
  .bad { fill: #ff9d94 } .good { fill: #7ee2a0 } .code { fill: #79d7e8 }
"""


def shown(home: Path) -> str:
    """Run the check at a terminal in `home`, and return what it shows."""
    code = (EXERCISE / "solution.py").read_text("utf-8") + "\n\n" + MISTAKE.read_text("utf-8")
    (home / "exercise_lstm.py").write_text(code, encoding="utf-8")
    unset = ("COURSE_DIR", "COURSE_PLAIN", "NO_COLOR", "COLUMNS")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"COURSE_HOME": str(home / "home"), "TERM": "xterm-256color"}
    command, *arguments = COMMAND.split()
    child = pexpect.spawn(
        str(Path(sys.executable).with_name(command)),
        arguments,
        cwd=str(home),
        env=environment,
        encoding="utf-8",
        dimensions=(100, COLUMNS),
        timeout=300,
    )
    child.expect(pexpect.EOF)
    child.close()
    if child.exitstatus != 1:  # some tests must fail
        raise SystemExit(f"{COMMAND} ended with exit code {child.exitstatus}:\n{child.before}")
    return str(child.before)


def lines(output: str) -> list[str]:
    """Return the lines that remain on the screen: text that was replaced is gone."""
    return [line.rpartition("\r")[2] for line in output.replace("\r\n", "\n").rstrip().split("\n")]


def spans(line: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a line of terminal output, with the CSS classes of their look."""
    looks: list[str] = []
    at = 0
    for match in (*ESCAPES.finditer(line), None):
        text = line[at : match.start() if match else None]
        if text:
            yield text, " ".join(looks)
        if match is None:
            return
        at = match.end()
        if match[2] == "m":
            for code in match[1].split(";"):
                looks = [] if code in ("", "0") else [*looks, *filter(None, [LOOKS.get(code)])]


def svg(rows: list[str]) -> str:
    """Return a terminal with these lines as SVG, with its text as the description for screen readers."""
    width = COLUMNS * CHARACTER + 2 * MARGIN
    height = len(rows) * LINE + 2 * MARGIN
    plain = "\n".join(ESCAPES.sub("", row) for row in rows)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title text">',
        f'<title id="title">{escape("A check at the terminal")}</title>',
        f'<desc id="text">{escape(plain, quote=False)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#14181f"/>',
    ]
    for number, row in enumerate(rows):
        baseline = MARGIN + number * LINE + 14
        pieces = "".join(_piece(*span) for span in spans(row))
        if pieces:
            drawn.append(f'<text x="{MARGIN}" y="{baseline}" xml:space="preserve">{pieces}</text>')
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _piece(text: str, look: str) -> str:
    shown = escape(text, quote=False)
    return f'<tspan class="{look}">{shown}</tspan>' if look else shown


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    with tempfile.TemporaryDirectory() as home:
        rows = lines(shown(Path(home)))
    prompt = "\x1b[1m$ " + COMMAND + "\x1b[0m"
    target.write_text(svg([prompt, *rows]), encoding="utf-8")
    print(f"{target}: {len(rows) + 1} lines")


if __name__ == "__main__":
    main()
