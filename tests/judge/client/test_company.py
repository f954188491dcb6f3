"""What may have failed because others ran beside it runs again alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from grader.judge.client.company import Company


def test_a_check_that_runs_by_itself_has_no_company() -> None:
    company = Company()
    for _ in range(2):
        with company.beside_others() as had_company:
            assert not had_company()
    with company.alone():
        pass


def test_each_of_two_at_once_had_company() -> None:
    company = Company()
    with company.beside_others() as first, company.beside_others() as second:
        assert first() and second()
    with company.beside_others() as third:
        with company.beside_others():
            pass
        assert third()  # though the other one has ended


def test_whoever_is_alone_is_alone() -> None:
    company, lock = Company(), threading.Lock()
    running: list[str] = []
    seen: list[tuple[str, ...]] = []

    def run(name: str) -> None:
        way = company.alone if name == "alone" else company.beside_others
        with way():
            with lock:
                running.append(name)
                seen.append(tuple(running))
            threading.Event().wait(0.002)
            with lock:
                running.remove(name)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(run, ["beside", "beside", "alone", "beside"] * 20))
    assert seen.count(("alone",)) == 20
    assert all("alone" not in each or len(each) == 1 for each in seen)
