"""`course grade --scheduler`: a cluster comes to the scores of one machine, whoever is lost on the way."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from graded_class import write_class
from grading_place import Place
from judging import descendants, wait_until

pytest.importorskip("distributed", reason="the extra cluster is not installed: pip install '.[cluster]'")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="learner code is confined on Linux only")

LEARNERS = 60
SEED = ("--seed", "7")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A class that this machine has graded, whose verdicts it has forgotten."""
    place = Place(tmp_path_factory.mktemp("cluster"))
    write_class(place.root / "class", LEARNERS)
    done = place.grade(*SEED, "--output", "here")
    assert done.returncode == 0, done.stderr
    return place


def results(place: Place, out: str) -> bytes:
    return (place.root / out / "results.jsonl").read_bytes()


@pytest.mark.exhaustive
def test_a_worker_that_is_killed_costs_nothing(graded: Place) -> None:
    graded.forget()
    process = graded.start("grade", "class", *SEED, "--output", "there", "--scheduler", "local:4")
    there = graded.root / "there" / "results.jsonl"
    wait_until(lambda: there.exists() and there.read_bytes().count(b"\n") > 15, 120)
    os.kill(dask_workers(process.pid)[0], signal.SIGKILL)
    _, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    assert results(graded, "there") == results(graded, "here")
    graded.assert_nothing_is_left(set())


def dask_workers(pid: int) -> list[int]:
    """The processes of the cluster's workers, which are children of the command."""
    found = []
    for child in sorted(descendants(pid)):
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"spawn_main" in words:
                found.append(child)
    assert len(found) >= 4
    return found


# --- a cluster that is there already, and keeps its secrets ---


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a scheduler with two workers behind TLS, and the environment that holds the keys."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: apt install openssl")
    at = tmp_path_factory.mktemp("tls")
    subject = ["-subj", "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2"]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject],
        cwd=at,
        check=True,
        capture_output=True,
    )
    keys = {"CA_FILE": at / "cert.pem"}
    for who in ("CLIENT", "SCHEDULER", "WORKER"):
        keys |= {f"{who}__CERT": at / "cert.pem", f"{who}__KEY": at / "key.pem"}
    tls = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in keys.items()}
    environment = os.environ | tls
    environment |= {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True", "TMPDIR": str(at)}
    file = at / "scheduler.json"
    started = []

    def start(what: str, *args: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{what}", *args]
        log = (at / f"{what}.log").open("ab")
        with log:
            started.append(
                subprocess.Popen(
                    command, cwd=at, env=environment, stdout=log, stderr=log, start_new_session=True
                )
            )

    try:
        start(
            "dask_scheduler",
            "--protocol",
            "tls",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(file),
        )
        wait_until(lambda: file.exists() and b"tls://" in file.read_bytes(), 60)
        address = file.read_text().partition('"address": "')[2].partition('"')[0]
        start(
            "dask_worker",
            address,
            "--nworkers",
            "2",
            "--nthreads",
            "2",
            "--no-dashboard",
            "--local-directory",
            str(at),
        )
        yield address, {name: value for name, value in environment.items() if name.startswith("DASK_")}
    finally:
        for process in started:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.exhaustive
def test_an_existing_cluster_behind_tls(graded: Place, cluster: tuple[str, dict[str, str]]) -> None:
    address, environment = cluster
    graded.forget()
    done = graded.grade(*SEED, "--output", "tls", "--scheduler", address, env=environment)
    assert done.returncode == 0, done.stderr
    assert "unencrypted" not in done.stderr
    assert results(graded, "tls") == results(graded, "here")


# --- what can be wrong ---


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        pytest.param(
            ("--scheduler", "tcp://127.0.0.1:9"),
            3,
            "no scheduler can be reached at tcp://127.0.0.1:9",
            marks=pytest.mark.exhaustive,  # waits 20 s; tests/classroom/test_cluster.py waits less
        ),
        (("--scheduler", "nonsense://x"), 3, "no scheduler can be reached at nonsense://x"),
        (("--scheduler", "local:none"), 2, "write local:4"),
        (("--scheduler", "local:2", "--jobs", "2"), 2, "--jobs is only for this machine"),
    ],
)
def test_what_is_no_cluster_is_said(graded: Place, args: tuple[str, ...], code: int, says: str) -> None:
    done = graded.grade(*args, "--output", "none")
    assert done.returncode == code
    assert says in done.stderr
