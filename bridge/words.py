"""Phrases that several screens share, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from markupsafe import Markup

from odoo.api import Environment
from odoo.tools import format_datetime, posix_to_ldml
from odoo.tools.misc import babel_locale_parse, get_lang
from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)


def meetings(env: Environment, count: int) -> str:
    """Return "3 meetings"."""
    return env._("1 meeting") if count == 1 else env._("%s meetings", count)


def people(env: Environment, count: int) -> str:
    """Return "3 people"."""
    return env._("1 person") if count == 1 else env._("%s people", count)


def moment(env: Environment, value: datetime) -> str:
    """Return a moment (naive UTC) by the reader's clock, as his language's settings write it.

    Without seconds, as forms show times.
    """
    lang = get_lang(env)
    locale = babel_locale_parse(lang.code)
    pattern = f"{lang.date_format} {lang.time_format.replace(':%S', '')}"
    return format_datetime(env, value, dt_format=posix_to_ldml(pattern, locale=locale))


#: What a round does to meetings, in the journal's order.
DONE = {
    "created": _lt("%(count)s made"),
    "changed": _lt("%(count)s changed"),
    "removed": _lt("%(count)s removed"),
}


def done(env: Environment, counts: Mapping[str, int]) -> str:
    """Return "2 made, 1 changed"; empty where nothing was done. `counts` has the keys of `DONE`."""
    told = ((text, counts[name]) for name, text in DONE.items())
    return ", ".join(filled(env, text, count=str(count)) for text, count in told if count)


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
