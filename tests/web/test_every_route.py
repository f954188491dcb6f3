"""Every route with every kind of request: no answer is a failure of the server, and none tells a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from starlette.routing import Route
from tiny_course import write_course
from web_pages import ORIGIN, SETTINGS, TOKEN, Browser, sealed, site

from grader.web.application import ROUTES

KNOWN = [
    "tiny", "tiny-q1", "tiny-q3", "1", "1.1", "2", "exercise-sum", "three.svg", "page.css", "0",
    "99999999999", "", "..", "%2e%2e", "a%00b", "%ff", "é", "<script>", "{{7*7}}",
    "'", '"', "a" * 300, "practice/tiny-q1/1",
]  # fmt: skip
PATHS = [route.path for route in ROUTES if isinstance(route, Route)]
SECRETS = (TOKEN, SETTINGS.secret.decode(), "Traceback")

values = st.sampled_from(KNOWN) | st.text(max_size=30)
fields = st.dictionaries(
    st.sampled_from("answer do sitting version since back confidence place-a q typed".split())
    | st.text(max_size=10),
    values
    | st.sampled_from(["answer", "hint", "skip", "b", "0", "/lesson/tiny/1", "//evil.example", "high"])
    | st.lists(values, max_size=3),
    max_size=8,
)
headers = st.dictionaries(
    st.sampled_from("if-none-match accept content-type range x-csrf x-forwarded-host".split()),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    max_size=3,
)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """Draw the path of a route, with something for each of its parameters."""
    path = draw(st.sampled_from(PATHS))
    for parameter in re.findall(r"\{[^}]+\}", path):
        path = path.replace(parameter, draw(values).replace("?", "").replace("#", ""), 1)
    return path or "/"


@pytest.fixture(scope="module", params=["course", "kit"])
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that is allowed many requests, on a course and on a kit of it."""
    place = tmp_path_factory.mktemp("routes")
    root = write_course(place / "tiny")
    if request.param == "kit":
        sealed(root)
    with closing(Browser(site(root, place / "home", replace(SETTINGS, burst=10**6)))) as browser:
        yield browser


def send(browser: Browser, method: str, path: str, query: dict, form: dict, own: dict) -> None:
    """Send a request and check its answer."""
    body = {"data": {"csrf": browser.csrf, **form}} if method == "POST" else {}
    try:
        answer = browser.request(method, path, params=query, headers={"origin": ORIGIN} | own, **body)
    except (UnicodeError, ValueError, browser.refuses):
        return  # nothing that can be sent
    assert answer.status_code < 500, (method, path, query, form)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for secret in SECRETS:
        assert secret not in answer.text
    assert "<script>" not in answer.text


@given(
    method=st.sampled_from(["GET", "GET", "GET", "POST", "POST", "HEAD", "PUT"]),
    path=paths(),
    query=fields,
    form=fields,
    own=headers,
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_makes_the_server_fail(
    browser: Browser, method: str, path: str, query: dict, form: dict, own: dict
) -> None:
    send(browser, method, path, query, form, own)
