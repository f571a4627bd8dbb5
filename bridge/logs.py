"""Log lines that say whose round they are of, and nothing of what is in it.

Every line of this package ends with ``[account=3 run=17]``, ``-`` where there is none. What people
wrote stays out: errors are told by kind and place, and while a mailbox is worked on Odoo's own line
about a failed query is told without the query's values.
"""

import logging
import re
import traceback
from collections.abc import Iterator, MutableMapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any

import psycopg2

from ..core.engine.errors import SyncError


@dataclass
class About:
    """Whose work the lines of this thread are about; the ids of the account and of its round."""

    account_id: int
    run_id: int | None = None

    def enter(self) -> "Token[About | None]":
        """Let the lines of this thread be about it, until `leave`."""
        return _ABOUT.set(self)


_ABOUT: ContextVar[About | None] = ContextVar("outlook_calendar.about", default=None)


def leave(token: "Token[About | None]") -> None:
    """End what `About.enter` began."""
    _ABOUT.reset(token)


def logger(name: str) -> "logging.LoggerAdapter[logging.Logger]":
    """Return a logger whose lines bear the ids."""
    return _WithIds(logging.getLogger(name), {})


def describe(error: BaseException) -> str:
    """Say where our own bug, or the database's trouble, came from: kinds, names and places only.

    Messages of exceptions quote what they choked on.
    """
    lines = [line for one in _chain(error) for line in _told(one)]
    return "\n".join(lines)


class _WithIds(logging.LoggerAdapter):  # type: ignore[type-arg]
    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        return f"{msg} {_ids(_ABOUT.get())}", kwargs


def _ids(about: About | None) -> str:
    account, run = (about.account_id, about.run_id or "-") if about else ("-", "-")
    return f"[account={account} run={run}]"


class HideValues(logging.Filter):
    """Tell of a query that failed during a round which table it was about, and no values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; it is always logged."""
        about = _ABOUT.get()
        if about is not None and str(record.msg).startswith("bad query"):
            query, error = (*record.args, None, None)[:2] if record.args else (None, None)
            record.msg, record.args = (
                "bad query: %s: %s %s",
                (_shape(query), _kind(error), _ids(about)),
            )
        return True


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from, the first cause last."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [_kind(error), *(f"  {one.filename}:{one.lineno} in {one.name}" for one in frames)]


def _kind(error: object) -> str:
    """Return the kind of an error with what is no content of it."""
    if isinstance(error, SyncError):
        return str(error)
    if not isinstance(error, psycopg2.Error):
        return type(error).__name__
    found = error.diag
    names = (error.pgcode, found.table_name, found.column_name, found.constraint_name)
    return " ".join([type(error).__name__, *(name for name in names if name)])


def _shape(query: object) -> str:
    """Return a statement's verb and its table."""
    text = query.decode("utf-8", "replace") if isinstance(query, bytes) else str(query)
    found = _STATEMENT.match(text)
    return " ".join(found.group(1).split()) if found else "a query"


_STATEMENT = re.compile(
    r'\s*((?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?\w+"?|SELECT|SAVEPOINT|RELEASE|ROLLBACK)', re.I
)

logging.getLogger("odoo.sql_db").addFilter(HideValues())
