"""Show learners under the names that their system knows, in place of the names of directories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from grader.classroom.class_report import ClassReport
from grader.classroom.names import look_alikes, unique_names
from grader.classroom.owner import Owner
from grader.classroom.results import Result


def known_names(results: Sequence[Result], without_work: Mapping[str, Owner | None]) -> dict[str, str]:
    """Return learner -> name to show. Names that look the same are followed by a number or login."""
    owners: dict[str, Owner | None]
    owners = dict.fromkeys((result.learner for result in results), None) | {**without_work}
    owners |= {r.learner: r.owner for r in results if r.owner is not None}
    labels = {learner: (owner and owner.name) or learner for learner, owner in owners.items()}
    for group in look_alikes(labels):
        for learner in group:
            owner = owners[learner]
            if owner is not None and owner.name and (by := owner.number or owner.sid or owner.login):
                labels[learner] = f"{owner.name} ({by})"
    return unique_names(labels)


def with_names(report: ClassReport, names: Mapping[str, str]) -> ClassReport:
    """Return the report with these names in place of the learners' keys."""

    def name(learner: str) -> str:
        return names.get(learner, learner)

    def all_names(learners: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(name, learners))

    rows = tuple(replace(row, learner=name(row.learner)) for row in report.table.rows)
    alike = report.alike and tuple(
        replace(pair, one=name(pair.one), other=name(pair.other)) for pair in report.alike
    )
    return replace(
        report,
        table=replace(report.table, rows=rows),
        needs_help=tuple(replace(each, learner=name(each.learner)) for each in report.needs_help),
        misconceptions=tuple(replace(each, who=all_names(each.who)) for each in report.misconceptions),
        groups=tuple(replace(each, learners=all_names(each.learners)) for each in report.groups),
        same=tuple(replace(each, learners=all_names(each.learners)) for each in report.same),
        alike=alike,
        alike_groups=tuple(replace(each, learners=all_names(each.learners)) for each in report.alike_groups),
        file_notes=tuple(replace(each, learner=name(each.learner)) for each in report.file_notes),
        own_code=tuple(replace(each, learner=name(each.learner)) for each in report.own_code),
        nothing_from=all_names(report.nothing_from),
        absent=all_names(report.absent),
        essays=tuple(
            replace(essay, answers=tuple(replace(a, learner=name(a.learner)) for a in essay.answers))
            for essay in report.essays
        ),
    )
