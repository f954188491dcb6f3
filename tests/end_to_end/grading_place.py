"""A place to grade a class: a directory with a course, its own cache and its own temporary files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from judging import command_of, is_running, wait_until
from sound_course import SoundCourse


class Place:
    """A directory with a course and a class. It has its own cache and its own temporary files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.command = str(Path(sys.executable).with_name("course"))
        self.course = SoundCourse(root / "course")
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "COURSE_DIR"},
            "COURSE_HOME": str(root / "home"),
            "XDG_CACHE_HOME": str(root / "cache"),
            "TMPDIR": str(self.temporary),
        }

    def hand_in(self, learner: str, source: str, name: str = "exercise_x.py") -> Path:
        path = self.root / "class" / learner / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    def forget(self) -> None:
        """Delete the cache, so that nothing is known from earlier runs."""
        shutil.rmtree(self.root / "cache", ignore_errors=True)

    def start(self, *args: str, **kwargs: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.command, "--course", str(self.course.root), *args],
            cwd=self.root,
            env=self.environment | kwargs.pop("env", {}),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=kwargs.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            start_new_session=True,
            **kwargs,
        )

    def run(self, *args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        process = self.start(*args, env=env or {})
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def grade(self, *args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return self.run("grade", "class", *args, env=env)

    def results(self, out: str = "grades") -> list[dict[str, Any]]:
        lines = (self.root / out / "results.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def scores(self, out: str = "grades") -> dict[str, float]:
        return {result["learner"]: result["score"] for result in self.results(out)}

    def assert_nothing_is_left(self, seen: set[int]) -> None:
        """Fail if these processes or temporary files do not disappear soon, and list what is left."""

        def left() -> list[str]:
            running = [f"{pid} {command_of(pid)}" for pid in seen if is_running(pid)]
            return [*running, *_files(self.temporary)]

        wait_until(lambda: not left(), 30, says=left)


def _files(directory: Path) -> list[str]:
    return [f"{at}/{name}" for at, inner, files in os.walk(directory) for name in (*inner, *files)]
