"""`course new ci`: files that validate a course at every change."""

from __future__ import annotations

import re
from pathlib import Path

import click

from grader.cli.new_parts import author_course

_WHEEL = re.compile(r"^(?!\w+:).*\.(?:whl|tar\.gz)$", re.DOTALL)  # a file, and not an address


@click.command()
@click.option(
    "--package",
    help="What pip installs to get this tool, such as the path of its wheel. Default: course-grader.",
)
def ci(package: str | None) -> None:
    """Validate the course at every change: in GitHub Actions, before a commit, and in a container.

    Three files are written at the top of the Git repository. Each runs `course validate`
    on the parts that have changed. You are asked before an existing file is replaced.

    \b
      .github/workflows/course.yml   validates pushes and pull requests
      .pre-commit-config.yaml        validates before a commit, with pre-commit
      Containerfile                  validates as an ordinary user, with bubblewrap

    \b
    Examples:
      course new ci
      course new ci --package tools/course_grader-0.1.0-py3-none-any.whl
    """
    from grader import __version__
    from grader.authoring.new.ci import ci_files, top_of_repository
    from grader.authoring.new.files import Files
    from grader.own_wheel import PROJECT

    here = author_course()
    root = here.root.resolve()
    top = top_of_repository(root)
    place = top or root
    wheel = _wheel(package, place) if package is not None and _WHEEL.search(package) else None
    packages = (wheel or package or f"{PROJECT}>={__version__}", *here.libraries)
    made = ci_files(root.relative_to(place).as_posix(), packages, wheel)
    chosen = {name: text for name, text in made.items() if _may_write(place / name, text)}
    Files(changed=chosen).write(place)
    for name in chosen:
        click.echo(f"Wrote {_shown(place / name)}")
    if top is None:
        click.echo("This directory is not in a Git repository yet: git init")
    if package is None:
        click.echo(
            f"pip needs an index that has {PROJECT}. Without one, put its wheel into the repository, "
            "and repeat this command with --package FILE."
        )
    click.echo("Next: pip install pre-commit && pre-commit install")


def _wheel(package: str, top: Path) -> str:
    """Return the path of a wheel from the top of the repository, which has to hold it. Raises UsageError."""
    file = next((each for each in (Path.cwd() / package, top / package) if each.is_file()), None)
    if file is None:
        raise click.UsageError(f"there is no file {package} — build the wheel, or correct --package")
    if not file.resolve().is_relative_to(top):
        raise click.UsageError(f"{package} is outside the repository — copy it into {_shown(top)}")
    return file.resolve().relative_to(top).as_posix()


def _may_write(path: Path, text: str) -> bool:
    """Return True if the file does not exist, or may be replaced by another text."""
    from grader.cli.asked_values import Values, one_of
    from grader.content.yaml_core import read_text

    if not path.exists():
        return True
    if read_text(path) == text:
        click.echo(f"{_shown(path)} is up to date.")
        return False
    question = f"{_shown(path)} exists already. Replace it? (y, n)"
    if Values().value(None, "y", question, "n", one_of(("y", "n"))) == "y":
        return True
    click.echo(f"{_shown(path)} is not changed.")
    return False


def _shown(path: Path) -> Path:
    """Return the path as seen from the current directory, if it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
