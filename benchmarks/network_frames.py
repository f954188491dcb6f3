"""Measure the frames of a learner's network that runs in the page, in Chromium, with 100 units.

    python benchmarks/network_frames.py [--units 100] [--kind LSTM]

The page gets a random network. For 300 frames each, the frequency of its wave changes in every frame,
or the time moves on by a step. The intervals between frames come from requestAnimationFrame. At 60
frames a second, an interval has 16.7 ms. "Still" is a page at rest: what it misses, the machine
misses. The last column is the time that the page's own code takes in a frame.
"""

from __future__ import annotations

import argparse
import base64
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import uvicorn
from playwright.sync_api import Page, sync_playwright

from grader.content.course import Course
from grader.progress.evidence import ReportLines, TestLine
from grader.progress.log import AttemptLog
from grader.tutor.recording import Recorder
from grader.web.application import create_application
from grader.web.identity import OneLearner
from grader.web.site import Settings, site_of
from grader.web.store import OneLog

CHROMIUM = "/usr/bin/chromium"
EXERCISE = "exercise-lstm"
BLOCKS = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
FRAMES = 300
WINDOW, VALUES = 10, 100
MEASURE = """async ([control, from, to, frames]) => {
  const input = document.querySelector(`[data-control="${control}"]`);
  const times = [], work = [];
  const ask = requestAnimationFrame;
  window.requestAnimationFrame = (act) => ask((now) => {
    const began = performance.now();
    act(now);
    work.push(performance.now() - began);
  });
  for (let k = 0; k < frames; k++) {
    times.push(await new Promise(ask));
    if (!input) continue;
    input.value = from + (to - from) * k / frames;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  window.requestAnimationFrame = ask;
  return [times, work];
}"""


def network(kind: str, units: int) -> dict[str, Any]:
    """Return a network with random weights, as the page gets it from the judge."""
    rng = np.random.default_rng(1)

    def weights(*shapes: tuple[int, ...]) -> list[dict[str, Any]]:
        arrays = [(rng.normal(size=shape) / np.sqrt(shape[0])).astype("<f4") for shape in shapes]
        return [{"shape": a.shape, "data": base64.b64encode(a.tobytes()).decode()} for a in arrays]

    blocks = BLOCKS[kind] * units
    bias = (2, blocks) if kind == "GRU" else (blocks,)
    options = {"units": units, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True}
    options |= {"return_sequences": False, "go_backwards": False, "reset_after": True}
    layers = [
        {"kind": kind, "options": options, "weights": weights((1, blocks), (units, blocks), bias)},
        {
            "kind": "Dense",
            "options": {"units": 1, "activation": "linear", "use_bias": True},
            "weights": weights((units, 1), (1,)),
        },
    ]
    series = np.sin(2 * np.pi * np.arange(VALUES) / 62).tolist()
    facts = {"id": "x", "title": f"{kind} of {units} units", "function": "build", "window": WINDOW}
    facts |= {"training_windows": 72, "series": series, "period": 62, "amplitude": 1, "level": 0}
    facts |= {"shift": 0, "factor": 1, "steps": 0, "parameters": units, "problem": ""}
    return facts | {"layers": layers}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the course to a learner who has passed the exercise; yield the address."""
    course = Course.bundled()
    log = AttemptLog(home / "attempts.sqlite")
    names = [function.name for function in course.exercise(EXERCISE).functions]
    lines = [TestLine(name, name, "passed", points=1.0, score=1.0) for name in names]
    report = msgspec.to_builtins(ReportLines(passed=True, tests=tuple(lines)))
    Recorder(log, lambda: datetime.now(UTC)).record(
        "check", EXERCISE, course.exercise_version(EXERCISE), score=1.0, max_score=1.0, report=report
    )
    log.close()
    server = uvicorn.Server(uvicorn.Config(lambda: None, port=0, log_level="error"))
    socket = server.config.bind_socket()
    host = f"127.0.0.1:{socket.getsockname()[1]}"
    settings = Settings(hosts=(host,), cookie="benchmark", secret=b"benchmark", rate=1e6, burst=10**6)
    store = OneLog(home / "attempts.sqlite", lambda: datetime.now(UTC))
    site = site_of(course, lambda: datetime.now(UTC), OneLearner("token"), store, settings)
    server.config.app = create_application(site)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    yield f"http://{host}"
    server.should_exit = True
    thread.join(10)


def measure(page: Page, title: str, control: str, first: float, last: float) -> None:
    """Move a slider in every frame, and print the intervals between frames in milliseconds."""
    times, work = page.evaluate(MEASURE, [control, first, last, FRAMES])
    intervals = np.diff(times)
    in_time = np.mean(intervals < 1.2 * 1000 / 60)
    median, late, worst = np.percentile(intervals, [50, 95, 100])
    rate = 1000 / intervals.mean()
    print(
        f"{title:24}{median:8.1f}{late:8.1f}{worst:8.1f}   {rate:5.1f} frames/s, {in_time:.0%} in time",
        end="",
    )
    print(f"   {np.median(work):5.1f} ms of work" if work else "")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--kind", choices=BLOCKS, default="LSTM")
    chosen = parser.parse_args()
    answer = json.dumps({"networks": [network(chosen.kind, chosen.units)], "problem": ""})
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address, sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        page.route("**/networks.json", lambda route: route.fulfill(body=answer))
        page.goto(f"{address}/?token=token")
        page.goto(f"{address}/exercise/{EXERCISE}/network")
        page.locator(".q [name=answer]").first.check()
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator(".network").scroll_into_view_if_needed()
        page.wait_for_selector(".network canvas")
        page.wait_for_timeout(2000)  # until the forecasts are there
        print(f"{'':24}{'median':>8}{'95 %':>8}{'worst':>8}   of {FRAMES} intervals, in ms")
        measure(page, "still", "nothing", 0, 0)
        measure(page, "the frequency changes", "frequency", 0.5, 3.5)
        measure(page, "the time moves on", "at", WINDOW, WINDOW + 130)
        chromium.close()


if __name__ == "__main__":
    main()
