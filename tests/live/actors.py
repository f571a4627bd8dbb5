"""Somebody who acts on one meeting here, with a guest elsewhere; and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from workbench.stage import Person, Stage

AN_HOUR = timedelta(hours=1)
OUTSIDE = "outside@fabrikam.example"


def start(hours: int = 9) -> datetime:
    """Return an hour of the day in a week, in UTC as Odoo keeps it."""
    day = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=7)
    return day.replace(hour=hours, minute=0, second=0, microsecond=0)


def times(hours: int) -> dict[str, str]:
    """Return the values of a meeting of an hour, in Odoo's words."""
    begin = start(hours)
    return {"start": f"{begin}", "stop": f"{begin + AN_HOUR}"}


@dataclass
class Actor:
    """Somebody with a mailbox of his own, who acts on one meeting here with a guest elsewhere."""

    stage: Stage
    person: Person
    name: str = ""

    def meet(self, **values: Any) -> int:
        """Make the meeting here, with the guest."""
        [guest] = self.stage.admin.call(
            "res.partner", "create", [{"name": "Outside", "email": OUTSIDE}]
        )
        [me] = self.person.odoo.call("res.users", "read", [self.person.odoo.uid], ["partner_id"])
        people = [[4, me["partner_id"][0]], [4, guest]]
        vals = {"name": self.name, **times(9), "partner_ids": people, **values}
        [event_id] = self.person.odoo.call("calendar.event", "create", [vals])
        return int(event_id)

    def write(self, event_id: int, **values: Any) -> None:
        """Change a row of the meeting here."""
        self.person.odoo.call("calendar.event", "write", [event_id], values)

    def here(self) -> list[dict[str, Any]]:
        """Return the meeting's rows here, in order of their time."""
        return self.stage.admin.call(
            "calendar.event",
            "search_read",
            [["name", "=like", f"{self.name}%"]],
            ["start", "recurrency"],
            order="start",
        )

    def there(self) -> list[dict[str, Any]]:
        """Return the meeting as the mailbox has it, once for each time it is there."""
        found = self.stage.control.events(self.person.address)
        return [one for one in found if one["subject"].startswith(self.name)]

    def told(self) -> list[str]:
        """Return the kinds of mails that the guest got about the meeting, oldest first."""
        mails = self.stage.control.mails()
        return [
            one["kind"]
            for one in mails
            if self.name in one["subject"] and OUTSIDE in one["recipients"]
        ]
