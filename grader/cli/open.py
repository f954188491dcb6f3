"""`course open`: the course in the browser, on this machine."""

from __future__ import annotations

import os
import sys

import click

from grader.errors import EnvironmentProblem


@click.command("open")
@click.argument("lesson_id", metavar="[LESSON]", required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: any free port."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. With any other one, the page can be reached from other machines.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, but do not open a browser.")
def open_course(lesson_id: str | None, port: int, host: str, no_browser: bool) -> int:
    """Open the course, or LESSON, in the browser: read, answer questions, write code.

    The page and the terminal share your progress. Only this machine can reach the
    page, and only a browser that was opened with the address printed here. Press
    Ctrl-C to stop it.

    \b
    Examples:
      course open
      course open day4
      course open --no-browser --port 8000
    """
    from datetime import UTC, datetime

    from grader.cli.common import current_course
    from grader.progress.place import log_path

    course = current_course()
    path = f"/lesson/{course.lesson(lesson_id).id}" if lesson_id is not None else "/"
    check_installed()
    from grader.web.server import listen, serve

    listening = listen(host, port)
    address = listening.address(path)
    click.echo(f"The course is open at {address}")
    click.echo("Press Ctrl-C to stop.", err=True)

    try:
        serve(
            course,
            log_path(os.environ),
            lambda: datetime.now(UTC),
            listening,
            lambda: None if no_browser else open_browser(address),
        )
    except KeyboardInterrupt:
        click.echo("\nStopped. Your work is saved.", err=True)
    return 0


def check_installed() -> None:
    """Raise EnvironmentProblem if a library of the page is missing."""
    from importlib.util import find_spec

    for name in ("starlette", "uvicorn", "jinja2", "markdown_it", "mdit_py_plugins", "latex2mathml"):
        if find_spec(name) is None:
            raise EnvironmentProblem(
                f"{name} is missing, so the page cannot be shown — "
                "install it with pip install 'course-grader[web]'"
            )


def open_browser(address: str) -> None:
    """Open a browser in the background, if there is a screen for it."""
    import threading
    import webbrowser

    if _has_screen():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _has_screen() -> bool:
    """Return True if a browser would open a window, and not take over this terminal."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return named or not sys.platform.startswith("linux")
