"""Server-sent events: what a stream sends, that it does not fall silent, and how many there may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from grader.web.event_streams import BEAT, LOOK, MOST, EventStreams


async def looks(*found: str) -> AsyncIterator[str]:
    for each in found:
        yield each


async def sent(streams: EventStreams, *found: str) -> list[str]:
    answer = streams.answer(looks(*found))
    assert isinstance(answer, StreamingResponse)
    return [str(each) async for each in answer.body_iterator]


def test_what_is_found_is_sent_and_silence_is_filled() -> None:
    silence = [""] * round(BEAT / LOOK + 2)
    assert asyncio.run(sent(EventStreams(), "one", "", "two")) == ["one", "two"]
    assert asyncio.run(sent(EventStreams(), "one", *silence, "two")) == ["one", ": still here\n\n", "two"]


def test_a_stream_too_many_is_refused_until_another_ends() -> None:
    async def fill() -> None:
        streams = EventStreams()
        answers = [streams.answer(looks("one", "two")) for _ in range(MOST)]
        bodies = [each.body_iterator for each in answers if isinstance(each, StreamingResponse)]
        for body in bodies:
            await anext(aiter(body))
        assert streams.answer(looks()).status_code == 429
        assert [str(each) async for each in bodies[0]] == ["two"]
        assert streams.answer(looks()).status_code == 200

    asyncio.run(fill())
