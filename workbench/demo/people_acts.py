"""What was there before the connection, and meetings that change hands or take place online."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..console import Failure, say
from .acts import GUEST, HERE, Act, Script
from .meetings import Meeting


class PeopleScript(Script):
    """The acts, in order; `prepare` and `choose` come before and after the mailbox is connected."""

    def prepare(self) -> None:
        """Let Linh have two meetings with a guest before she connects; Outlook knows one."""
        for meeting in (self._board(), self._partners()):
            self._make_here(self.linh, meeting)
        self._make_there(self.linh, self._board())

    def choose(self) -> None:
        """Answer the question of the first connection as it is proposed: mail nobody."""
        linh = self.linh.odoo
        status = linh.rpc("/outlook_calendar/status")
        if status["state"] != "preview":
            raise Failure(f"The connection asks nothing: it is {status['state']}.")
        accounts = linh.call("outlook.account", "search", [("user_id", "=", linh.uid)])
        values = {"account_id": accounts[0], "existing_policy": "leave"}
        wizard = linh.call("outlook.account.preview", "create", values)
        say("  Linh is asked about a meeting with a guest that Outlook does not have: leave it")
        linh.call("outlook.account.preview", "action_confirm", [wizard])

    def __iter__(self) -> Iterator[Act]:
        yield from self._from_before()
        yield from self._handed_over()
        yield from self._online()

    def _from_before(self) -> Iterator[Act]:
        linh, partners = self.linh, self._partners()
        yield replace(
            self._seen(
                "sends a meeting from before the connection", linh, HERE,
                lambda: self._send_through_outlook(partners.subject), partners,
            ),
            mails=(("invitation", GUEST),),
        )  # fmt: skip

    def _handed_over(self) -> Iterator[Act]:
        linh, bram, week = self.linh, self.bram, self.week
        start, end = (week.at(4, clock, bram.zone) for clock in ("10:00", "11:00"))
        asked = frozenset({(bram.address, "none"), (GUEST, "none")})
        kick_off = Meeting("Kick-off", start, end, place="Room 8", guests=asked)
        yield self._shared(
            "invites Bram and a guest", linh, HERE,
            lambda: self._make_here(linh, kick_off), kick_off,
            mails={("invitation", bram.address), ("invitation", GUEST)},
        )  # fmt: skip
        # Her own yes stays here; Exchange knows a new meeting, to which she has not answered.
        here = replace(kick_off, guests=frozenset({(linh.address, "accepted"), (GUEST, "none")}))
        there = replace(kick_off, guests=frozenset({(linh.address, "none"), (GUEST, "none")}))
        both = (linh.name, bram.name)
        yield Act(
            "makes Bram the organizer", linh, HERE,
            lambda: self._change_here(linh, kick_off.subject, {"user_id": bram.odoo.uid}),
            kick_off.subject, dict.fromkeys(both, here), dict.fromkeys(both, there),
            mails=(
                ("cancellation", bram.address), ("cancellation", GUEST),
                ("invitation", linh.address), ("invitation", GUEST),
            ),
        )  # fmt: skip

    def _online(self) -> Iterator[Act]:
        bram, week = self.bram, self.week
        start, end = (week.at(4, clock, bram.zone) for clock in ("15:00", "15:30"))
        call = Meeting("Call", start, end, guests=frozenset({(GUEST, "none")}), online=True)
        yield replace(
            self._seen(
                "invites the guest to a Teams meeting", bram, HERE,
                lambda: self._make_here(bram, call), call,
            ),
            mails=(("invitation", GUEST),),
        )  # fmt: skip

    def _board(self) -> Meeting:
        return self._before("Board", "09:00", "10:00")

    def _partners(self) -> Meeting:
        return self._before("Partner day", "14:00", "16:00")

    def _before(self, subject: str, *clocks: str) -> Meeting:
        start, end = (self.week.at(3, clock, self.linh.zone) for clock in clocks)
        return Meeting(subject, start, end, guests=frozenset({(GUEST, "none")}))

    def _send_through_outlook(self, subject: str) -> None:
        """Press the button on the meeting's form, and confirm the number of people."""
        action: dict[str, Any] = self.linh.odoo.call(
            "calendar.event", "action_outlook_send", self._ids(self.linh, subject)
        )
        wizard = self.linh.odoo.call("outlook.send", "create", {}, context=action["context"])
        self.linh.odoo.call("outlook.send", "action_send", [wizard])
