"""Phrases that several screens share, in the reader's language."""

from collections.abc import Iterable

from markupsafe import Markup

from odoo.api import Environment
from odoo.tools.translate import LazyGettext


def meetings(env: Environment, count: int) -> str:
    """Return "3 meetings"."""
    return env._("1 meeting") if count == 1 else env._("%s meetings", count)


def people(env: Environment, count: int) -> str:
    """Return "3 people"."""
    return env._("1 person") if count == 1 else env._("%s people", count)


def after_next_sign_in(env: Environment, sync_policy: str) -> str:
    """Return what the next sign-in brings, for a `sync_policy` of ``new`` or ``all``."""
    if sync_policy == "new":
        return env._(
            "After the next sign-in only meetings that are new from then on are synchronized."
        )
    return env._(
        "After the next sign-in all meetings are synchronized; those that both sides have are"
        " recognized, so that none is doubled."
    )


def as_list(sentences: Iterable[str]) -> Markup:
    """Return the sentences as an HTML list."""
    items = Markup("").join(Markup("<li>%s</li>") % sentence for sentence in sentences)
    return Markup('<ul class="mb-0">%s</ul>') % items


def filled(env: Environment, text: LazyGettext, **values: str) -> str:
    """Return a text of a table in the reader's language, with its values.

    `env._` takes values with a text only that is written right there.
    """
    translated = env._(text)
    return translated % values
