"""Keep trouble with one meeting its own: it is set aside with the reason, and the others go on."""

from collections.abc import Callable
from typing import Any

from psycopg2 import DataError
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError

from ..core.engine.errors import Unmappable
from .asking import in_words

#: What is wrong with one meeting and no reason to stop the others. ValueError: text that PostgreSQL
#: cannot hold (psycopg2 on NUL); OverflowError: a time that some zone leads out of the calendar.
POISON = (Unmappable, UserError, DataError, CheckViolation, ValueError, OverflowError)


def objection(desk, work: Callable[..., object], *args: Any) -> str | None:
    """Do `work(*args)`, about one meeting, wholly or not at all; None where it is done.

    Else return for a person why it cannot be. What is no trouble of a single meeting is raised.
    """
    try:
        with desk.savepoint():
            work(*args)
    except POISON as error:
        return in_words(desk.env, error)
    return None


def set_aside(desk, meeting, work: Callable[..., object], *args: Any) -> bool:
    """Do the same, and park the meeting where it cannot be done; tell whether it was done."""
    why = objection(desk, work, *args)
    if why is not None:
        desk.park(meeting, why)
    return why is None
