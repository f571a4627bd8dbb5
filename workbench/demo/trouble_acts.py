"""What goes wrong: both sides change one thing, much is deleted at once, the server dies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..console import Failure
from ..stage import Person
from .acts import GUEST, HERE, THERE, Act, Script
from .meetings import Meeting

PATIENCE_SECONDS = 45
REVIEWS = 8


class TroubleScript(Script):
    """The acts, in order; each builds on those before it."""

    def __iter__(self) -> Iterator[Act]:
        yield from self._both_at_once()
        yield from self._too_many()
        yield from self._killed()

    def _both_at_once(self) -> Iterator[Act]:
        bram, week = self.bram, self.week
        start, end = (week.at(2, clock, bram.zone) for clock in ("16:00", "16:30"))
        call_back = Meeting("Call back", start, end, place="Phone")
        yield self._seen(
            "plans a call", bram, HERE, lambda: self._make_here(bram, call_back), call_back
        )
        room = replace(call_back, place="Room 12")
        yield self._seen(
            "changes the place here, then there", bram, THERE,
            lambda: self._change_on_both(bram, call_back.subject, "Desk", "Room 12"), room,
        )  # fmt: skip
        yield self._seen(
            "uses the other place", bram, HERE,
            lambda: self._use_the_other(bram, call_back.subject), replace(room, place="Desk"),
        )  # fmt: skip

    def _too_many(self) -> Iterator[Act]:
        linh = self.linh
        reviews = [self._review(number) for number in range(REVIEWS)]
        last = reviews[-1]
        yield self._seen(
            f"plans {REVIEWS} reviews", linh, HERE,
            lambda: self._make_all_here(linh, reviews), last,
        )  # fmt: skip
        yield Act(
            "deletes them all: that waits for her", linh, HERE,
            lambda: self._delete_all(linh, reviews), last.subject,
            here={linh.name: None}, there={linh.name: last},
        )  # fmt: skip
        yield self._seen(
            "keeps and restores them", linh, HERE, lambda: self._restore(linh, len(reviews)), last
        )

    def _killed(self) -> Iterator[Act]:
        linh, week = self.linh, self.week
        start, end = (week.at(2, clock, linh.zone) for clock in ("17:00", "17:30"))
        handshake = Meeting("Handshake", start, end, guests=frozenset({(GUEST, "none")}))
        yield replace(
            self._seen(
                "invites; the server is killed meanwhile", linh, HERE,
                lambda: self._killed_while_inviting(linh, handshake), handshake,
            ),
            mails=(("invitation", GUEST),),
        )  # fmt: skip

    # Hands -------------------------------------------------------------------------------------

    def _change_on_both(self, who: Person, subject: str, here: str, there: str) -> None:
        """Let both sides change before either hears of the other."""
        account = self._account(who)
        who.odoo.call("outlook.account", "action_pause", account)
        self._change_here(who, subject, {"location": here})
        time.sleep(1)  # the newer one wins, and Outlook tells whole seconds
        self._change_there(who, subject, {"location": {"displayName": there}})
        who.odoo.call("outlook.account", "action_resume", account)

    def _use_the_other(self, who: Person, subject: str) -> None:
        meeting = self._ids(who, subject)
        open_ones = [("event_id", "in", meeting), ("state", "=", "open")]
        conflicts = self._found(who, "outlook.conflict", open_ones)
        who.odoo.call("outlook.conflict", "action_use", conflicts)

    def _make_all_here(self, who: Person, meetings: list[Meeting]) -> None:
        for meeting in meetings:
            self._make_here(who, meeting)

    def _delete_all(self, who: Person, meetings: list[Meeting]) -> None:
        ids = [one for meeting in meetings for one in self._ids(who, meeting.subject)]
        who.odoo.call("calendar.event", "unlink", ids)
        self._found(who, "outlook.stop", [("state", "=", "open")])

    def _restore(self, who: Person, count: int) -> None:
        stops = self._found(who, "outlook.stop", [("state", "=", "open")])
        lines = who.odoo.call("outlook.stop", "read", stops, ["line_ids"])[0]["line_ids"]
        if len(lines) != count:
            raise Failure(f"{len(lines)} of {count} deletions wait for {who.name}.")
        who.odoo.call("outlook.stop", "action_restore", stops)

    def _killed_while_inviting(self, who: Person, meeting: Meeting) -> None:
        """Kill Odoo when Outlook has made the meeting and its answer is still on the way."""
        control = self.stage.control
        control.fault("hold_after", method="POST", path=r"/events$", mailbox=who.address)
        self._make_here(who, meeting)
        self._until("the request", lambda: any(one["hits"] for one in control.faults()))
        self.stage.odoo.kill()
        control.release()
        control.clear_faults()
        self.stage.odoo.start()

    def _account(self, who: Person) -> list[int]:
        return self._found(who, "outlook.account", [("user_id", "=", who.odoo.uid)])

    def _found(self, who: Person, model: str, domain: list[Any]) -> list[int]:
        """Return what there is, or will be as soon as the background work is done."""
        found: list[int] = []

        def is_there() -> bool:
            found[:] = who.odoo.call(model, "search", domain)
            return bool(found)

        self._until(model, is_there)
        return found

    def _review(self, number: int) -> Meeting:
        start, end = (
            self.week.at(2, f"{8 + number:02}:{minute}", self.linh.zone) for minute in ("05", "25")
        )
        return Meeting(f"Review {number + 1}", start, end)

    @staticmethod
    def _until(what: str, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_done():
            if time.monotonic() > deadline:
                raise Failure(f"{what} did not come in {PATIENCE_SECONDS} s.")
            time.sleep(0.2)
