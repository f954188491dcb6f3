"""Connections: how many there are, and how long one may take to send a request.

uvicorn bounds neither. A connection that says nothing costs memory and a file descriptor, so if
there are too many, the one that has waited longest is closed: browsers open another one.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 200


class BoundedConnection(H11Protocol):
    """One connection of a browser."""

    most: ClassVar[int] = MOST
    header_seconds: ClassVar[float] = 15.0  # to send a request line and headers in, keep-alive included

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; make room if there are too many connections."""
        super().connection_made(transport)
        self._wait()
        others = cast("set[Any]", self.connections)
        if len(others) > self.most:
            idle = [each for each in others if isinstance(each, BoundedConnection) and each.is_idle]
            min(idle, key=lambda each: each.waits_until, default=self).transport.close()

    def data_received(self, data: bytes) -> None:
        """Handle what has arrived; stop the clock once a request is whole."""
        super().data_received(data)
        if not self.is_idle:
            self._stop()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if self.is_idle:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """True if no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def waits_until(self) -> float:
        """The time on the loop's clock until which the connection may wait."""
        return self._timer.when() if self._timer else float("inf")

    def _wait(self) -> None:
        self._stop()
        self._timer = self.loop.call_later(self.header_seconds, self._give_up)

    def _give_up(self) -> None:
        if self.is_idle and not self.transport.is_closing():
            self.transport.close()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
