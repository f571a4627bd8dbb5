"""What is known of a meeting that was made on one side, where the answer to that was lost.

The side that made it knows what it asked for. What the other showed right then, nobody saw: when it
is met again, somebody may have edited it there already.
"""

from __future__ import annotations

from .merge import ABSENT, Maybe
from .normalize import equivalent
from .snapshot import EMPTY, Keyed, Snapshot, Value

#: Keys of people that have no address: a side may have left them out.
_NAMELESS = "name:"


def first_shown(sent: Snapshot, shown: Snapshot) -> Snapshot:
    """Return what the side that was asked showed at first, as far as that can be told.

    ``sent`` is what it was asked for, ``shown`` what it shows now. Where these are the same but for
    the spelling, it has shown that from the beginning: sides are lossy. All else is an edit, made
    since: then what was sent stands for what was shown.
    """
    return Keyed(
        (name, _first(name, sent.get(name, ABSENT), value)) for name, value in shown.items()
    )


def _first(name: str, sent: Maybe, shown: Value) -> Value:
    if sent is ABSENT or isinstance(sent, Keyed) != isinstance(shown, Keyed):
        return shown
    assert not isinstance(sent, type(ABSENT))
    if isinstance(sent, Keyed) and isinstance(shown, Keyed):
        return _keyed(sent, shown)
    return shown if equivalent(name, sent, shown) else sent


def _keyed(sent: Keyed, shown: Keyed) -> Keyed:
    """Return the keys that were asked for, each as it is shown; who came since is news."""
    kept = ((key, shown.get(key, one)) for key, one in sent.items())
    return (
        Keyed((key, one) for key, one in kept if key in shown or not key.startswith(_NAMELESS))
        or EMPTY
    )
