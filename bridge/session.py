"""One account's turn: its claim, short transactions, and the mailbox that is asked between them."""

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, TypeVar

from psycopg2 import errors as pg

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.sql_db import BaseCursor

from ..core.graph.client import GraphClient
from ..core.graph.oauth import TokenSource
from ..core.graph.retry import RetryPolicy
from ..core.graph.transport import RequestsTransport
from . import logs, sealing, settings
from .desk import Desk

_logger = logs.logger(__name__)

#: Longer than anything between two steps takes: three requests that time out and are repeated.
LEASE_SECONDS = 240
#: A person who saves the same meeting in the same moment goes first; the step is done again.
TRIES = 5
PAGE_SIZE = 50

#: Two rounds that meet in one meeting: the later one does its step again and sees the other's work.
CONCURRENCY = (
    pg.SerializationFailure,
    pg.DeadlockDetected,
    pg.LockNotAvailable,
    pg.UniqueViolation,
)

T = TypeVar("T")


class LeaseLost(Exception):
    """Somebody else took the account meanwhile: stop at once and write nothing more."""


class Session:
    """What a round of one account works with. Holds no transaction of its own."""

    def __init__(self, registry: Registry, account_id: int, claim: str) -> None:
        self.account_id = account_id
        self._about = logs.About(account_id)
        self._entered = self._about.enter()
        self._began = time.monotonic()
        #: Whether somebody waits for what was changed here, so that nothing rests (see `quiet`).
        self.is_at_once = True
        #: When somebody who waits is to have his answer (`time.monotonic()`); None: nobody does.
        self.until: float | None = None
        self._registry = registry
        self._claim = claim
        self._client: GraphClient | None = None
        self._transport: RequestsTransport | None = None

    @property
    def run_id(self) -> int | None:
        """Return the id of the round's row in the journal; None before there is one."""
        return self._about.run_id

    @run_id.setter
    def run_id(self, run_id: int) -> None:
        self._about.run_id = run_id

    def step(self, work: Callable[..., T], *args: Any) -> T:
        """Do `work(desk, *args)` in a transaction of its own and commit; renew the claim with it.

        `work` may be done several times: it must only write to the database. Raises LeaseLost.
        """
        return self._retried(self._try, work, args, Desk.close)

    def last_step(self, work: Callable[..., T], *args: Any) -> T:
        """Do the same and give the claim back with it: whoever is told of the end finds it so."""
        return self._retried(self._try, work, args, self._close_and_release)

    def aside(self, work: Callable[..., T], *args: Any) -> T:
        """Do `work(desk, *args)` and commit, whoever has the claim: for the journal's row alone."""
        with self._registry.cursor() as cr:
            desk = self._desk(cr)
            result = work(desk, *args)
            desk.env.flush_all()
        return result

    def peek(self, work: Callable[..., T], *args: Any) -> T:
        """Do `work(desk, *args)` and roll back whatever it wrote. Raises LeaseLost."""
        return self._retried(self._try, work, args, _undo)

    def _retried(self, transaction: Callable[..., T], *args: Any) -> T:
        for _left in range(TRIES - 1):
            try:
                return transaction(*args)
            except CONCURRENCY:
                _logger.info("Somebody wrote the same rows: done again")
        return transaction(*args)

    def _release(self) -> None:
        with self._registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            env["outlook.account"].browse(self.account_id)._release(self._claim)

    def _try(self, work: Callable[..., T], args: tuple[Any, ...], end: Callable[[Desk], None]) -> T:
        with self._registry.cursor() as cr:
            desk = self._desk(cr)
            if not desk.account._renew(self._claim, LEASE_SECONDS):
                raise LeaseLost
            result = work(desk, *args)
            end(desk)
        return result

    def _desk(self, cr: BaseCursor) -> Desk:
        desk = Desk(Environment(cr, SUPERUSER_ID, {"active_test": False}), self.account_id)
        desk.run_id, desk.is_at_once = self.run_id, self.is_at_once
        return desk

    def _close_and_release(self, desk: Desk) -> None:
        desk.close()
        desk.account._release(self._claim)

    @property
    def client(self) -> GraphClient:
        """Return the mailbox. Raises NotConfigured, KeyMissing, AuthError."""
        if self._client is None:
            self._client = self.step(self._connect)
        return self._client

    def close(self) -> None:
        """Give pooled connections and the claim back."""
        try:
            if self._transport is not None:
                self._transport.close()
            self._retried(self._release)
        finally:
            logs.leave(self._entered)

    def costs(self) -> dict[str, Any]:
        """Return how long it took, in seconds, and what the mailbox was asked, for the journal."""
        duration = round(time.monotonic() - self._began, 3)
        if self._client is None:
            return {"duration": duration}
        stats = self._client.stats
        return {
            "duration": duration,
            "requests": stats.requests,
            "throttled": stats.throttled,
            "request_ids": list(stats.request_ids),
        }

    def seconds_ahead(self) -> float | None:
        """Return by how much the mailbox's clock is ahead of ours; None: it said nothing."""
        return self._client.stats.clock.seconds_ahead if self._client else None

    def _connect(self, desk: Desk) -> GraphClient:
        env = desk.env
        connect, read = settings.timeouts(env)
        transport = self._transport = RequestsTransport(
            connect_timeout=connect, read_timeout=read, until=self.until
        )
        cache = sealing.unseal_sign_in(env, desk.account.token_cache)
        source = TokenSource(settings.load_app(env), cache, transport)

        def token(force: bool = False) -> str:
            access = source(force)
            if source.changed:
                # The old refresh token may die any time: keep the new one before it is used.
                self.step(_keep_sign_in, source.cache)
            return access

        return GraphClient(
            transport,
            settings.graph_url(env),
            token,
            retry=RetryPolicy() if self.until is None else RetryPolicy(attempts=1),
            now=lambda: datetime.now(timezone.utc),
            page_size=PAGE_SIZE,
            owner_zone=desk.account.user_id.tz or "UTC",
        )


def _undo(desk: Desk) -> None:
    desk.env.cr.rollback()


def _keep_sign_in(desk: Desk, cache: str) -> None:
    desk.account._lock()
    desk.account.token_cache = sealing.seal(desk.env, cache)
