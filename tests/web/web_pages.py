"""The page without a network: the application, a browser that has been admitted, and one that has not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import yaml

from grader.authoring.kit import sealed_lesson, sealed_quiz
from grader.content.course import Course
from grader.tutor.recording import Clock
from grader.web.application import create_application
from grader.web.identity import OneLearner
from grader.web.site import Settings, Site, site_of
from grader.web.store import OneLog
from grader.web.workplace import OneDirectory

TOKEN = "the-token-in-the-opened-address"
HOST = "127.0.0.1:8000"
ORIGIN = f"http://{HOST}"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SETTINGS = Settings(hosts=(HOST, "localhost:8000"), cookie="course-8000", secret=b"of this server")


def site(root: Path, home: Path, settings: Settings = SETTINGS, clock: Clock = lambda: NOW) -> Site:
    """Return the page of a course whose log is in `home`, as are the learner's files."""
    log = OneLog(home / "attempts.sqlite", clock)
    return site_of(Course(root), clock, OneLearner(TOKEN), log, settings, OneDirectory(home))


def sealed(root: Path) -> Path:
    """Turn the small course into a learner's kit, without running its tests."""
    course = Course(root)
    for id_ in course.quiz_ids:
        text = yaml.safe_dump(msgspec.to_builtins(sealed_quiz(course.quiz(id_))))
        (root / "quizzes" / f"{id_}.yaml").write_text(text)
    for id_ in course.lesson_ids:
        text = yaml.safe_dump(msgspec.to_builtins(sealed_lesson(course.lesson(id_))))
        (root / "lessons" / f"{id_}.yaml").write_text(text)
    exercises = {id_: {"version": "0", "hidden": {"tests": 1, "points": 1}} for id_ in course.exercise_ids}
    (root / "kit.yaml").write_text(yaml.safe_dump({"version": "0", "exercises": exercises}))
    return root


class Browser:
    """A browser. It keeps cookies, follows redirects, and sends what a browser sends with a form."""

    refuses = httpx.InvalidURL

    def __init__(self, site: Site, *, admitted: bool = True) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(create_application(site), raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, follow_redirects=True)
        self.cookies = self._client.cookies
        self.csrf = ""
        if admitted:
            answer = self.get("/", params={"token": TOKEN})
            assert answer.status_code == 200, answer.text
            self.csrf = answer.text.partition('data-csrf="')[2].partition('"')[0]

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request as it is."""
        return self._runner.run(self._client.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """Send a body as it is."""
        return self.request("POST", path, **options)

    def send(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form of ours."""
        return self.post(path, data={"csrf": self.csrf, **fields}, headers={"origin": ORIGIN})

    def close(self) -> None:
        """End the browser."""
        self._runner.run(self._client.aclose())
        self._runner.close()
