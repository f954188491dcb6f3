"""Who is asking. On a learner's own machine it is whoever has opened the address with the token."""

from __future__ import annotations

import hmac
from typing import Protocol

from msgspec import Struct


class Learner(Struct, frozen=True):
    """Someone who reads and answers. `id` names them to the store."""

    id: str


class Identity(Protocol):
    """Decides who a browser belongs to, by a secret that only this browser has."""

    def admit(self, token: str) -> str | None:
        """Return a new secret for a browser that shows this token, or None if the token is wrong."""

    def who(self, secret: str) -> Learner | None:
        """Return the learner whose browser has this secret, or None."""


class OneLearner:
    """The identity on a learner's own machine: one token, one learner."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._learner = Learner("me")

    def admit(self, token: str) -> str | None:
        """Return the browser's secret. It is not the token, which stays in the terminal's history."""
        return self._secret() if hmac.compare_digest(token.encode(), self._token) else None

    def who(self, secret: str) -> Learner | None:
        """Return the one learner if the secret is right."""
        return self._learner if hmac.compare_digest(secret.encode(), self._secret().encode()) else None

    def _secret(self) -> str:
        return hmac.new(self._token, b"browser", "sha256").hexdigest()
