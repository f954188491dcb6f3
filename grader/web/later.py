"""An application that is built while the browser starts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

SOON = 0.03  # seconds


class Later:
    """Stands for an application until it is built; requests wait for it."""

    def __init__(self, build: Callable[[], ASGIApp]) -> None:
        self._build = build
        self._turn = threading.Lock()
        self._app: ASGIApp | None = None

    def begin(self) -> None:
        """Build the application in the background, soon: the server has to start first."""
        timer = threading.Timer(SOON, self._begin)
        timer.daemon = True
        timer.start()

    def get(self) -> ASGIApp:
        """Return the application; build it if nobody has."""
        with self._turn:
            if self._app is None:
                self._app = self._build()
            return self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the application."""
        app = self._app
        if app is None:
            app = await asyncio.get_running_loop().run_in_executor(None, self.get)
        await app(scope, receive, send)

    def _begin(self) -> None:
        with suppress(Exception):  # the request that needs it meets the error
            self.get()
