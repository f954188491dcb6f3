"""`course preview`: the pages of a course while it is being written, each with what is wrong on it."""

from __future__ import annotations

import click

from grader.errors import CourseError


@click.command()
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Number of seeds to judge each solution with.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: any free port."
)
@click.option("--no-browser", is_flag=True, help="Print the address, but do not open a browser.")
def preview(seeds: int, port: int, no_browser: bool) -> int:
    """See a course in the browser as learners do, with its problems beside the text.

    The course is the one in this directory, or the one that --course or COURSE_DIR
    names. Each page lists what `course validate` finds about it, with file and line.
    When you save a file, the page follows, and what has changed is proven again.
    The page of a quiz leads to one with all questions, answers and remarks, for
    proofreading. So does the page for practice. `course open` has neither.

    Your own progress is left alone: what you answer and write in the preview is
    deleted when you press Ctrl-C. Only this machine can reach the page.

    \b
    Examples:
      course preview
      course --course text-statistics preview --no-browser --port 8000
    """
    import tempfile
    import threading
    from contextlib import closing
    from datetime import UTC, datetime
    from pathlib import Path

    from grader.cli.common import current_course
    from grader.cli.new_parts import course_here
    from grader.cli.open import check_installed, open_browser

    course = course_here() or current_course()
    course.check_whole("be previewed")
    check_installed()
    from grader.authoring.watching import Watched
    from grader.web.author import Author
    from grader.web.server import listen, serve
    from grader.web.workplace import OneDirectory

    listening = listen("127.0.0.1", port)
    address = listening.address()
    click.echo(f"The preview is open at {address}")
    click.echo(
        "Your own progress is left alone: what you answer here is not kept. Press Ctrl-C to stop.", err=True
    )
    author = Author(course)

    with (
        tempfile.TemporaryDirectory(prefix="course-preview-") as directory,
        closing(Watched(course, None, seeds)) as watched,
    ):

        def follow() -> None:
            try:
                for state in watched.states():
                    author.publish(state)
            except CourseError as error:
                author.fail(str(error))

        place = Path(directory)
        threading.Thread(target=follow, daemon=True).start()
        try:
            serve(
                course,
                place / "attempts.sqlite",
                lambda: datetime.now(UTC),
                listening,
                lambda: None if no_browser else open_browser(address),
                OneDirectory(place),
                author,
            )
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
    return 0
