"""How a mailbox is asked: one thing, a list over its pages, many things in few requests.

The client's methods say what is asked; here is what all of them share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..engine.errors import NotSent, OutcomeUnknown, SyncError, TokenExpired, Unavailable
from .batch import Batch, Outcome
from .channel import PREFER, Channel, Stats, json_of
from .failures import concerns_mailbox
from .operations import Call
from .remote import Json


class Session:
    """The three ways of asking, over one channel. Not for several threads."""

    def __init__(self, channel: Channel, stats: Stats) -> None:
        self._channel = channel
        self._stats = stats

    def read(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """Return one object."""
        answer = self._channel.send(Call("GET", path, headers or {}), params)
        return json_of(answer, is_write=False)

    def items(self, path: str, params: Mapping[str, str]) -> Iterator[Json]:
        """Yield the items of a list, page after page."""
        page = self.read(path, params)
        yield from items_of(page)
        yield from self.rest(page.get("@odata.nextLink"))

    def rest(self, link: object) -> Iterator[Json]:
        """Yield the items that begin behind a link of Graph's own.

        A link that came before leads nowhere new: without end, a round would follow it for ever.
        """
        followed: set[str] = set()
        while link:
            self.refuse_foreign(link)
            assert isinstance(link, str)
            if link in followed:
                raise unreadable_page("CircularLink")
            followed.add(link)
            page = self.follow(link, {})
            yield from items_of(page)
            link = page.get("@odata.nextLink")

    def follow(self, link: str, headers: Mapping[str, str]) -> Json:
        """Return what a link leads to. It must pass `is_own` or `refuse_foreign` first."""
        return json_of(self._channel.follow(link, headers), is_write=False)

    def is_own(self, link: str) -> bool:
        """Tell whether a link stays with the Graph that is spoken to."""
        return self._channel.is_own(link)

    def refuse_foreign(self, link: object) -> None:
        """Raise `Unavailable` for a link that would carry the token elsewhere, or is none."""
        if not isinstance(link, str) or not self._channel.is_own(link):
            raise unreadable_page("ForeignLink")

    def carry_out(self, calls: Sequence[Call]) -> list[Outcome]:
        """Carry calls out, in order; return what became of each.

        One is one request, more are `$batch`es. A failed one stops no other, except where the
        whole mailbox says no: then the rest gets that error.
        """
        if len(calls) != 1:
            return self._carry_out_batched(calls)
        try:
            return [self._channel.send(calls[0])]
        except SyncError as error:
            return [error]

    def look(self, calls: Sequence[Call]) -> list[Outcome]:
        """Carry out calls that change nothing: those whose answer was lost once more."""
        outcomes = self.carry_out(calls)
        lost = [n for n, one in enumerate(outcomes) if isinstance(one, OutcomeUnknown)]
        if not lost or len(calls) == 1:  # one alone is repeated by the channel
            return outcomes
        unsent = [n for n, one in enumerate(outcomes) if isinstance(one, NotSent)]
        again = sorted([*lost, *unsent])
        repeated = self.carry_out([calls[number] for number in again])
        for number, outcome in zip(again, repeated, strict=True):
            outcomes[number] = outcome
        return outcomes

    def _carry_out_batched(self, calls: Sequence[Call]) -> list[Outcome]:
        batch = Batch(calls, headers={"Prefer": PREFER})
        may_renew = True
        while batch.turn:
            try:
                settled = self._take_turn(batch)
                expired = [n for n, one in settled.items() if isinstance(one, TokenExpired)]
                if expired and may_renew:
                    may_renew = False
                    batch.reopen(expired)
                    self._channel.renew_token()
                    continue
            except SyncError as error:
                batch.stop(error, sent=isinstance(error, OutcomeUnknown))
                break
            for outcome in settled.values():
                if isinstance(outcome, SyncError) and concerns_mailbox(outcome):
                    batch.stop(outcome, sent=False)
        return [batch.outcome(number) for number in range(len(calls))]

    def _take_turn(self, batch: Batch) -> dict[int, Outcome]:
        self._stats.parts += len(batch.turn)
        answer = self._channel.send(Call("POST", "/$batch", {}, batch.payload()))
        return batch.take(json_of(answer, is_write=True), judge=self._channel.error_of)


def items_of(page: Json) -> list[Json]:
    """Return the items of a page. Raises `Unavailable` where they are no list."""
    items = page.get("value")
    if items is not None and not isinstance(items, list):
        raise unreadable_page("UnreadableAnswer")
    return [item for item in items or [] if isinstance(item, dict)]


def unreadable_page(code: str) -> Unavailable:
    """Return the error for a success that leads nowhere: whoever answered, Graph it was not."""
    return Unavailable(status=200, code=code)
