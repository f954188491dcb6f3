"""Server-sent events: streams that are limited in number and do not fall silent."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from grader.web.refusals import refusal

MOST = 40  # streams at once, of one kind
LOOK = 0.05  # seconds between looks for something new
BEAT = 10.0  # seconds after which a silent stream says that it is there


class EventStreams:
    """The open streams of one kind."""

    def __init__(self) -> None:
        self._open = 0

    def answer(self, looks: AsyncIterator[str]) -> Response:
        """Send what each look finds, "" for nothing, until there are no more. Refuse one stream too many.

        `looks` waits LOOK seconds between two looks.
        """
        if self._open >= MOST:
            return refusal(429)
        headers = {"x-accel-buffering": "no"}
        return StreamingResponse(self._alive(looks), media_type="text/event-stream", headers=headers)

    async def _alive(self, looks: AsyncIterator[str]) -> AsyncIterator[str]:
        self._open += 1
        try:
            silent = 0.0
            async for found in looks:
                silent = 0.0 if found else silent + LOOK
                if found:
                    yield found
                elif silent >= BEAT:
                    silent = 0.0
                    yield ": still here\n\n"
        finally:
            self._open -= 1
