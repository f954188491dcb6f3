"""Take the pictures of docs/page.md: real pages of `course open` in Chromium, as PNG.

    python docs/pictures/page.py [DIRECTORY]

It reads, answers a question, checks a file with a known mistake, and then the solution, as a learner
does. Run it again when the pages change, and look at the pictures.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EXERCISE = ROOT / "exercises" / "exercise-lstm"
WINDOW = {"width": 1100, "height": 760}
NAMES = ("start", "section", "simulation", "verdict", "network", "progress")


def main(out: Path) -> None:
    """Write one PNG for each of NAMES into `out`."""
    solution = (EXERCISE / "solution.py").read_text("utf-8")
    mistake = (EXERCISE / "mistakes" / "shuffled_split.py").read_text("utf-8")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        here = Path(scratch)
        environment = {name: value for name, value in os.environ.items() if name != "COURSE_DIR"}
        process = subprocess.Popen(
            [Path(sys.executable).with_name("course"), "open", "--no-browser"],
            cwd=here,
            env=environment | {"COURSE_HOME": str(here / "home")},
            stdout=subprocess.PIPE,
            text=True,
        )
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        try:
            assert process.stdout is not None
            address = re.search(r"http://[^/\s]+/\S+", process.stdout.readline())
            assert address is not None
            page = chromium.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
            page.set_default_timeout(180_000)
            page.goto(address[0])
            _tour(page, address[0].partition("/?")[0], solution, mistake, out)
        finally:
            chromium.close()
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _tour(page: Any, base: str, solution: str, mistake: str, out: Path) -> None:
    def shoot(name: str, selector: str = "") -> None:
        if selector:  # stand at its top
            page.locator(selector).first.evaluate(
                "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 24)"
            )
        page.screenshot(path=out / f"page-{name}.png")

    shoot("start")
    page.goto(f"{base}/lesson/day4/2.2")
    shoot("section", ".prose")
    page.goto(f"{base}/lesson/day4/4.2")
    simulation = page.locator("#sim-lstm-gates-by-hand")
    simulation.get_by_label("About 36%").check()
    simulation.get_by_role("button", name="Check").click()
    page.wait_for_selector("#sim-lstm-gates-by-hand:not(.veiled)")
    simulation.get_by_role("slider", name="Forget gate").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)  # for the words
    shoot("simulation", "#sim-lstm-gates-by-hand .explain")
    page.goto(f"{base}/exercise/exercise-lstm")
    page.fill("#code", f"{solution}\n\n{mistake}")
    page.click("#check")
    page.wait_for_selector(".idea")
    shoot("verdict", ".verdict")
    page.fill("#code", solution)
    page.click("#check")
    page.wait_for_selector("text=16 of 16 points >> visible=true")
    question = page.locator("#sim-your-lstm-alive")
    question.get_by_role("button", name="Skip").click()
    page.wait_for_selector('#sim-your-lstm-alive [data-part="stage"]:not([hidden])')
    page.wait_for_timeout(800)
    shoot("network", '#sim-your-lstm-alive [data-part="stage"]')
    page.goto(f"{base}/progress")
    shoot("progress")


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("there is no Chromium here — apt install chromium")
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE)
