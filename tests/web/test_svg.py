"""What of an SVG file reaches a page: shapes, text and known classes, and nothing that runs or loads."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.web.svg import ATTRIBUTES, CLASSES, ELEMENTS, MAX_BYTES, MAX_DEPTH, SvgRefused, svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def shown(inside: str, head: str = HEAD) -> str:
    """Return what a page gets of a file, without the root and the description."""
    whole = str(svg(f"{head}{inside}</svg>".encode(), alt="Alt", prefix="f"))
    start = (
        '<svg class="drawing" role="img" aria-labelledby="f-desc" viewBox="0 0 9 9">'
        '<desc id="f-desc">Alt</desc>'
    )
    assert whole.startswith(start) and whole.endswith("</svg>")
    return whole.removeprefix(start).removesuffix("</svg>")


def test_shapes_text_and_classes_stay() -> None:
    inside = (
        '<g class="l-ink l-bold"><path d="M0 0L9 9"></path>'
        '<text x="1" dy="-2">a &lt; b<tspan>c</tspan></text></g>'
    )
    assert shown(inside) == inside


def test_the_files_own_title_style_and_size_are_left_out() -> None:
    inside = (
        "<title>T</title><style>.a{fill:url(//x)}<![CDATA[</svg><script>]]></style><metadata><b/></metadata>"
    )
    head = HEAD.replace(" viewBox", ' width="9" height="9999" id="top" class="x" viewBox')
    assert shown(f'<?xml-stylesheet href="//x"?><!-- note -->{inside}<rect width="1"/>', head) == (
        '<rect width="1"></rect>'
    )


def test_ids_get_the_prefix_wherever_they_are_used() -> None:
    inside = '<clipPath id="a"><path d=""></path></clipPath><g clip-path="url(#a)" fill="url(#b)"></g>'
    assert shown(inside) == inside.replace('"a"', '"f-a"').replace("#", "#f-")


def test_the_size_of_the_root_makes_up_for_a_missing_view_box() -> None:
    head = HEAD.replace('viewBox="0 0 9 9"', 'width="9" height="9"')
    assert shown("", head) == ""


@pytest.mark.parametrize(
    ("inside", "says"),
    {
        "<script>alert(1)</script>": "the element <script>",
        "<g><script xlink:href='//x'/></g>": "the element <script>",
        "<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>": "<foreignObject>",
        "<b xmlns='http://www.w3.org/1999/xhtml'/>": "the element <b>, which is not SVG",
        "<script xmlns=''/>": "the element <script>, which is not SVG",
        "<title xmlns='http://www.w3.org/1999/xhtml'/>": "which is not SVG",
        "<svg/>": "the element <svg>",
        "<image href='x.png'/>": "<image>",
        "<a href='#f'><rect/></a>": "<a>",
        "<use href='#a'/>": "<use>",
        "<animate attributeName='href' values='javascript:alert(1)'/>": "<animate>",
        "<set attributeName='onclick' to='alert(1)'/>": "<set>",
        "<filter/>": "<filter>",
        "<g onclick='alert(1)'/>": "the attribute onclick",
        "<g OnLoad='alert(1)'/>": "the attribute OnLoad",
        "<g style='fill:red'/>": "the attribute style",
        "<path href='#a'/>": "the attribute href",
        "<path xlink:href='//x'/>": "the attribute href",
        "<g tabindex='0'/>": "the attribute tabindex",
        "<g role='button'/>": "the attribute role",
        "<g data-x='1'/>": "the attribute data-x",
        "<rect fill='url(//x/y)'/>": "has fill=",
        "<rect fill='URL(#a'/>": "has fill=",
        "<rect fill='red url(#a)'/>": "has fill=",
        "<rect fill='u\\72l(//x)'/>": "has fill=",
        "<g id='a b'/>": "has the id 'a b'",
        "<g class='l-ink skip'/>": "has the class 'skip'",
        "words": "has words outside of <text>",
        "<text>a": "is not well-formed",
        "<text>&nope;</text>": "is not well-formed",
        "<g>" * MAX_DEPTH + "</g>" * MAX_DEPTH: "inside each other",
        "<desc>" + "<g>" * 99 + "</g>" * 99 + "</desc>": "inside each other",
        "<g/>" * 4001: "more than 4,000 elements",
        "<style>" + "<g/>" * 4001 + "</style>": "more than 4,000 elements",
        "<text>" + "a" * MAX_BYTES + "</text>": "bytes",
    }.items(),
    ids=lambda value: value[:40],
)
def test_an_attack_is_refused(inside: str, says: str) -> None:
    with pytest.raises(SvgRefused, match=says.replace("(", r"\(")):
        shown(inside)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"GIF89a",
        b"<svg/>",
        b'<html xmlns="http://www.w3.org/1999/xhtml"/>',
        b'<style xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 9"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"/>',
        b'<!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<?xml version="1.0" encoding="utf-7"?><svg>+ADw-script</svg>',
    ],
)
def test_a_file_of_another_kind_is_refused(source: bytes) -> None:
    with pytest.raises(SvgRefused):
        svg(source, alt="", prefix="f")


NAMES = st.sampled_from([*sorted(ELEMENTS - {"svg"}), "style", "title", "script", "b"])
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
TREES = st.recursive(
    st.tuples(NAMES, st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), VALUES, max_size=3), VALUES),
    lambda inner: st.tuples(NAMES, st.just({}), st.lists(inner, max_size=3)),
    max_leaves=8,
)


def _written(tree: object) -> ElementTree.Element:
    name, attributes, inside = tree  # type: ignore[misc]
    element = ElementTree.Element(name, attributes)
    if isinstance(inside, str):
        element.text = inside
    else:
        element.extend(map(_written, inside))
    return element


@given(tree=TREES, alt=VALUES)
def test_what_is_let_through_holds_nothing_but_the_lists(tree: object, alt: str) -> None:
    """A reader of its own finds only allowed names in the result, and the alternative text as it was."""
    root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 9 9"})
    root.append(_written(tree))
    try:
        html = svg(ElementTree.tostring(root), alt=alt, prefix="f")
    except SvgRefused:
        return
    read = ElementTree.fromstring(str(html))
    assert read[0].tag == "desc" and (read[0].text or "") == alt
    for element in [each for each in read.iter() if each not in (read, read[0])]:
        assert element.tag in ELEMENTS and element.attrib.keys() <= ATTRIBUTES
        assert {*element.get("class", "").split()} <= CLASSES
        assert element.get("id", "f-").startswith("f-")
