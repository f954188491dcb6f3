"""`course doctor`: show what this machine can do and what to install."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli.common import attempt_log, current_course
from grader.content.libraries import install_command, installed_version, missing, package_name
from grader.errors import CourseError, EnvironmentProblem

_IN_CONTAINERS = ("/run/.containerenv", "/.dockerenv")  # made by podman and Docker


@click.command()
@click.option("--stop", is_flag=True, help="End the judges that stay in memory, and do nothing else.")
@click.pass_context
def doctor(context: click.Context, stop: bool) -> None:
    """Show how learner code is confined on this machine, and what is missing.

    It also shows the judge that stays in memory, so that checks are fast. It ends by
    itself after some minutes without a check. COURSE_WARM=off does without it;
    COURSE_WARM=30 keeps it for 30 minutes.

    Exit code: 0 if this machine can check exercises, 3 if not. A missing library
    of a single exercise does not count: the others can be checked.

    \b
    Example:
      course doctor
      course doctor --stop
    """
    if stop:
        from grader.judge.client.resident import stop_residents

        stopped = stop_residents()
        click.echo(f"Stopped: {stopped}." if stopped else "No judge was in memory.")
        return
    blocking = [*_packages(), *_places()]
    problems = [*blocking, *_libraries()]
    root, accounts = _readable_course(), _accounts()
    if root is not None and accounts > 1:
        problems.append(f"{accounts} people have accounts here: if learners are among them, {_closed(root)}")
    problems += _confinement()
    _control_groups()
    _resident()
    click.echo()
    for problem in problems:
        click.echo(f"To do: {problem}")
    if root is not None and accounts <= 1:
        click.echo(f"Before learners get accounts on this machine: {_closed(root)}")
    elif not problems:
        click.echo("Nothing to do.")
    context.exit(3 if blocking else 0)


def _packages() -> Iterator[str]:
    click.echo(f"Python {sys.version.split()[0]} on {sys.platform}, {os.cpu_count()} processors")
    names = ("numpy", "tensorflow", "keras", "pytest", "matplotlib", "ipython")
    for name in names:
        click.echo(f"{name}: {installed_version(name) or 'not installed'}")
    unneeded = () if _needs_tensorflow() else ("tensorflow", "keras")
    if lacking := [name for name in names if not installed_version(name) and name not in unneeded]:
        yield install_command(lacking)


def _needs_tensorflow() -> bool:
    try:
        return current_course().about.tensorflow
    except CourseError:  # it is reported with the libraries
        return True


def _libraries() -> Iterator[str]:
    """Show the libraries that exercises list."""
    try:
        exercises = [course.exercise(id_) for course in [current_course()] for id_ in course.exercise_ids]
    except CourseError as error:
        yield str(error)
        return
    for exercise in exercises:
        for library in exercise.libraries:
            found = installed_version(package_name(library)) or "not installed"
            click.echo(f"{library}, for {exercise.id}: {found}")
    if lacking := missing(library for exercise in exercises for library in exercise.libraries):
        yield install_command(lacking)


def _readable_course() -> Path | None:
    """Return the course if everybody who has an account on this machine can read its hidden tests."""
    from grader.private import open_to_others

    with contextlib.suppress(CourseError, OSError):  # a broken course has been reported
        course = current_course()
        files = [course.exercise_dir(id_) / "hidden_tests.py" for id_ in course.exercise_ids]
        if any(path.is_file() and open_to_others(path) for path in files):
            click.echo(
                f"Hidden tests and solutions: every user of this machine can read them, in {course.root}"
            )
            return course.root
    return None


def _closed(root: Path) -> str:
    """Return what keeps learners with accounts from reading the course."""
    return f"chmod -R o= {shlex.quote(str(root))}, and give them a kit (course kit)"


def _accounts() -> int:
    """Return how many people can log in on this machine; 0 if it does not tell."""
    try:
        import pwd
    except ImportError:  # on Windows
        return 0
    no_shells = ("nologin", "false", "sync")
    return len([a for a in pwd.getpwall() if a.pw_uid >= 1000 and not a.pw_shell.endswith(no_shells)])


def _confinement() -> Iterator[str]:
    from grader.judge.confinement import Confinement
    from grader.judge.sandbox import walls
    from grader.judge.sandbox.available import try_walls

    confinement = Confinement.NONE
    for wall, error in try_walls():
        if error is None:
            confinement = wall.confinement
            break
        way = f"{wall.program}, as {wall.mode}" if wall.program else "Workers as another user"
        click.echo(f"{way}: does not work here ({error})")
    click.echo(f"Confinement of learner code: {confinement.says}")
    if not confinement.walled:
        if sys.platform != "linux":
            yield "confinement needs Linux; check only code that you would run anyway"
        elif walls.bubblewrap() is None:
            yield "install bubblewrap (Debian: apt install bubblewrap) to confine learner code"
        elif any(Path(file).exists() for file in _IN_CONTAINERS):
            yield (
                "let the container have namespaces of its own: start it with --security-opt "
                "systempaths=unconfined, and in Docker also with --security-opt seccomp=unconfined"
            )
        else:
            yield "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1), or run as root"


def _control_groups() -> None:
    """Show how workers share CPU time and memory."""
    from grader.judge.sandbox.cgroups import control_groups

    if sys.platform != "linux":
        return
    if control_groups() is not None:
        click.echo("Control group for each worker: yes, with limits on memory and processes")
        return
    click.echo("Control group for each worker: no; their CPU time and memory are measured instead")
    if os.getuid() != 0 and shutil.which("systemd-run"):
        click.echo("For more: systemd-run --user --scope course grade …")
    else:
        user = "" if os.getuid() == 0 else "run as root, on "
        click.echo(f"For more: {user}a system whose cgroup v2 has the controllers memory and pids")


def _resident() -> None:
    from grader.judge.client.resident import memory_of, reason_against, running

    found = [*running()]
    for status in found:
        left = max(0.0, status.idle_seconds - status.seconds) / 60
        click.echo(
            f"Judge in memory: {memory_of(status.pid) / 1e9:.1f} GB, for {status.course}; "
            f"ends in {left:.0f} min without a check, or now with course doctor --stop"
        )
    if not found:
        reason = reason_against()
        click.echo(f"Judge in memory: none, because {reason}" if reason else "Judge in memory: none")


def _places() -> Iterator[str]:
    from grader.judge.client.launch import cache_dir

    log = attempt_log()
    click.echo(f"Progress: {log.path}")
    try:
        click.echo(f"Cache, may be deleted at any time: {cache_dir()}")
    except EnvironmentProblem as problem:
        yield str(problem)
    try:
        log.prepare()
    except EnvironmentProblem as problem:
        yield str(problem)
