"""Learners with identical or similar code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import AlikeGroup, AlikeWork, SameWork
from grader.classroom.results import Result
from grader.classroom.side_by_side import side_by_side
from grader.classroom.similarity import alike, large_groups

MOST_EXCERPTS = 10  # pairs of an exercise whose code is shown
Sources = Mapping[str, Mapping[str, str]]  # exercise -> learner -> code


def same_work(name: str, results: list[Result]) -> list[SameWork]:
    """Return the learners with identical code. Equal quiz answers mean nothing: most are correct."""
    groups: defaultdict[str, list[Result]] = defaultdict(list)
    mates = _group_mates(results)
    for result in results:
        is_copy = result.learner in mates or result.handed_in_by is not None
        if result.report is not None and result.source and not is_copy:
            groups[result.source].append(result)
    return [
        SameWork(
            work=name,
            learners=tuple(sorted(result.learner for result in group)),
            share=group[0].raw / group[0].max_score if group[0].max_score else 0.0,
        )
        for _, group in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[1][0].learner))
        if len(group) > 1
    ]


def _group_mates(results: Iterable[Result]) -> set[str]:
    """Return all members of each group but the first: they have one submission together."""
    first: dict[str, str] = {}
    for result in sorted(results, key=lambda result: result.learner):
        if result.owner is not None and result.owner.group is not None:
            first.setdefault(result.owner.group, result.learner)
    return {r.learner for r in results if r.owner and r.owner.group and first[r.owner.group] != r.learner}


def large_groups_of(
    sources: Sources, results: Sequence[Result], same: Sequence[SameWork], catalogue: Catalogue
) -> list[AlikeGroup]:
    """Return the groups of nearly the same code; of learners with identical code, one represents all."""
    return [
        AlikeGroup(work=name, learners=group)
        for name, by_learner in sorted(sources.items())
        for group in large_groups(
            _without_doubles(name, by_learner, results, same),
            (catalogue.starter(name), catalogue.solution(name)),
        )
    ]


def _without_doubles(
    name: str, by_learner: Mapping[str, str], results: Sequence[Result], same: Sequence[SameWork]
) -> dict[str, str]:
    doubles = _group_mates([result for result in results if result.item == name])
    doubles |= {learner for each in same if each.work == name for learner in each.learners[1:]}
    return {learner: source for learner, source in by_learner.items() if learner not in doubles}


def similar_work(
    sources: Sources,
    results: Sequence[Result],
    same: Sequence[SameWork],
    catalogue: Catalogue,
    with_code: bool,
) -> list[AlikeWork]:
    """Return the similar pairs; of learners with identical code, one represents all."""
    pairs: list[AlikeWork] = []
    for name, by_learner in sorted(sources.items()):
        own = _without_doubles(name, by_learner, results, same)
        given = catalogue.starter(name), catalogue.solution(name)
        for place, pair in enumerate(alike(own, given)):
            shown = with_code and place < MOST_EXCERPTS
            codes = side_by_side(own[pair.one], own[pair.other], *given) if shown else ()
            pairs.append(
                AlikeWork(work=name, one=pair.one, other=pair.other, share=pair.share, excerpts=codes)
            )
    return pairs
