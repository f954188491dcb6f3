"""Who is let in: the token, the cookie, Host, Origin, and the tokens of forms."""

from __future__ import annotations

import pytest
from web_pages import HOST, ORIGIN, TOKEN, Browser

from grader.web.access import HEADERS


def test_the_token_in_the_address_admits_a_browser_and_leaves_the_address(stranger: Browser) -> None:
    answer = stranger.get("/lesson/tiny", params={"token": TOKEN, "x": "1"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/lesson/tiny?x=1"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/lesson/tiny", "/nowhere", "/?token=", "/?token=wrong", "/?token=%ff"]
)
def test_without_the_token_nothing_of_the_course_is_shown(stranger: Browser, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "Counting" not in answer.text
    assert "course open" in answer.text


def test_the_cookie_of_another_server_does_not_admit(stranger: Browser) -> None:
    stranger.cookies.set("course-8000", "0" * 64)
    assert stranger.get("/").status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:9000", "evil.example:8000", ""])
def test_another_host_is_refused(browser: Browser, host: str) -> None:
    """A name that a stranger's DNS server points to this machine makes their page the same origin."""
    assert browser.get("/", headers={"host": host}).status_code == 421


def test_localhost_is_another_name_of_this_server(browser: Browser) -> None:
    answer = browser.get(
        "/", params={"token": TOKEN}, headers={"host": "localhost:8000"}, follow_redirects=False
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"origin": f"https://{HOST}"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
def test_a_form_of_another_origin_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    """Even with the right token: another server on this machine may have stolen it."""
    data = {"csrf": browser.csrf, "theme": "dark"}
    assert browser.post("/theme", data=data, headers=headers).status_code == 403


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(browser: Browser, csrf: str) -> None:
    answer = browser.post("/theme", data={"csrf": csrf, "theme": "dark"}, headers={"origin": ORIGIN})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_token_of_a_form_may_come_in_a_header(browser: Browser) -> None:
    headers = {"origin": ORIGIN, "x-csrf": browser.csrf}
    answer = browser.post("/theme", data={"theme": "dark"}, headers=headers, follow_redirects=False)
    assert answer.status_code == 303


@pytest.mark.parametrize("destination", ["iframe", "script", "image", "embed"])
def test_other_sites_cannot_embed_anything(browser: Browser, destination: str) -> None:
    headers = {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": destination}
    assert browser.get("/", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/page.css", "/static/nothing.css"])
def test_every_answer_has_the_safe_headers(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_a_theme_leads_back_to_our_pages_only(browser: Browser) -> None:
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: a=b", ""):
        answer = browser.post(
            "/theme",
            data={"csrf": browser.csrf, "theme": "dark", "back": back},
            headers={"origin": ORIGIN},
            follow_redirects=False,
        )
        assert answer.headers["location"] == "/"
    assert 'data-theme="dark"' in browser.get("/").text
