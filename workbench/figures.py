"""What a measurement gives, and the mailbox that is measured."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .console import Failure
from .stage import Person, Stage


@dataclass(frozen=True)
class Figure:
    """One line of the table; `requests` are those to Graph, where they were counted."""

    name: str
    value: float
    unit: str
    requests: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        """Return the cells; three digits are as many as repeat."""
        return (self.name, f"{self.value:.3g}", self.unit, self.requests)


@dataclass
class Mailbox:
    """Somebody whose mailbox is measured, and the administrator who reads the journal."""

    scene: Stage
    who: Person

    def rounds(self) -> tuple[float, int]:
        """Run rounds until all is in step; return the seconds and the requests to Graph."""
        before = self._last_run()
        began = time.monotonic()
        while (answer := self.who.odoo.rpc("/outlook_calendar/sync", wait=True))["pending"] or (
            answer["state"] == "syncing"
        ):
            pass
        spent = time.monotonic() - began
        if answer["state"] != "synced":
            raise Failure(f"The mailbox is {answer['state']}: {answer['message']}")
        runs = self.scene.admin.call(
            "outlook.sync.run", "search_read", [("id", ">", before)], ["requests"]
        )
        return spent, sum(run["requests"] for run in runs)

    def _last_run(self) -> int:
        [*found] = self.scene.admin.call("outlook.sync.run", "search", [], limit=1)
        return int(found[0]) if found else 0
