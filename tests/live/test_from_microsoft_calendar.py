"""From Odoo's own Outlook sync to this one: its module goes, this one comes, nothing is doubled."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from workbench import odoo_process
from workbench.cache import ADDON, Cache
from workbench.commands import databases
from workbench.database import Databases
from workbench.people import OdooUser
from workbench.stage import PASSWORD, Stage, stage

OWN_MODULE = "microsoft_calendar"
LEFT_OVER = "microsoft_account"
ADDRESS = "ann@contoso.example"

# What its own sync leaves with an event that is in step (`microsoft.calendar.sync`).
FURNISH = f"""
user = env["res.users"].with_context(no_reset_password=True).create(
    {{"name": "Ann", "login": "{ADDRESS}", "email": "{ADDRESS}", "password": "{PASSWORD}",
      "tz": "Europe/Brussels"}}
)
guest = env["res.partner"].create({{"name": "Guest", "email": "guest@outside.example"}})
quiet = {{"no_mail_to_attendees": True, "dont_notify": True, "mail_create_nolog": True}}
events = env["calendar.event"].with_user(user).with_context(**quiet)
soon = (datetime.datetime.now() + datetime.timedelta(days=2)).replace(
    hour=9, minute=0, second=0, microsecond=0
)
hour, day = datetime.timedelta(hours=1), datetime.timedelta(days=1)
made = events.create([
    {{"name": "Focus", "start": soon, "stop": soon + hour}},
    {{"name": "Board", "start": soon + day, "stop": soon + day + hour,
      "partner_ids": [(4, guest.id)], "location": "Room 1"}},
    {{"name": "Holiday", "allday": True, "start_date": soon.date(), "stop_date": soon.date()}},
    {{"name": "Daily", "start": soon + 2 * hour, "stop": soon + 3 * hour, "recurrency": True,
      "rrule_type": "daily", "end_type": "count", "count": 3, "event_tz": "Europe/Brussels",
      "partner_ids": [(4, guest.id)]}},
]).sudo()
rows = made | made.recurrence_id.calendar_event_ids
for row in rows:
    row.with_context(**quiet).write(
        {{"microsoft_id": f"AAMk{{row.id}}", "ms_universal_event_id": f"0400{{row.id}}",
          "need_sync_m": False}}
    )
env.cr.execute("UPDATE calendar_event SET create_date = create_date - interval '30 days'")
env["ir.config_parameter"].set_param("microsoft_calendar_client_id", "former")
env.cr.commit()
"""
EVENTS = """
    SELECT string_agg(e::text, '|' ORDER BY id)
      FROM (SELECT id, name, location, start, stop, allday, active, user_id, recurrence_id,
                   write_date FROM calendar_event) e
"""
MAILS = "SELECT count(*) FROM mail_mail"


class Move:
    """A database that is moved from one module to the other by Odoo's own commands."""

    def __init__(self, found: Databases, cache: Cache, name: str) -> None:
        self._found, self._cache, self.name = found, cache, name
        self._install(OWN_MODULE)
        found.script(name, "import datetime\n" + FURNISH)
        self._odoo("module", "uninstall", last=(OWN_MODULE,))
        self._install(ADDON)

    def rows(self, query: str) -> list[str]:
        """Return the lines that PostgreSQL answers."""
        return self._found.pg.sql(query, database=self.name)

    def _install(self, module: str) -> None:
        self._odoo("server", "-i", module, "--stop-after-init", "--no-http")

    def _odoo(self, *words: str, last: tuple[str, ...] = ()) -> None:
        configuration = str(odoo_process.configuration(self._cache))
        options = ("-c", configuration, "-d", self.name)
        head, rest = (words, ()) if last else (words[:1], words[1:])
        subprocess.run(
            [str(self._cache.python), "-m", "odoo", *head, *options, *rest, *last],
            check=True,
            capture_output=True,
            cwd=self._cache.root,
            env=odoo_process.environment(self._cache, self._found.pg),
        )


@pytest.fixture(scope="module")
def moved() -> Iterator[tuple[Move, Stage]]:
    """Give the moved database, and a running Odoo and a local Microsoft on a copy of it."""
    cache = Cache.locate()
    with databases(cache) as found, found.clone(of=found.base()) as name:
        move = Move(found, cache, name)
        with stage(found, of=name) as ready:
            ready.configure()
            move.name = ready.database
            yield move, ready


def test_what_its_own_sync_left_is_recognised(moved: tuple[Move, Stage]) -> None:
    """By what the meetings are: none is doubled or written on either side, and nobody is mailed.

    `microsoft_account` stays installed, and shares the address that people come back to.
    """
    move, ready = moved
    left_over = "SELECT state FROM ir_module_module WHERE name = '%s'"
    assert move.rows(left_over % LEFT_OVER) == ["installed"]
    assert move.rows(left_over % OWN_MODULE) == ["uninstalled"]
    before = move.rows(EVENTS), move.rows(MAILS)
    ready.control.add_mailbox(ADDRESS, name="Ann", time_zone="Europe/Brussels")
    _fill_outlook(move, ready)
    ready.control.clear_mails()
    ready.control.clear_requests()
    ann = OdooUser(ready.odoo.url, ADDRESS, PASSWORD).sign_in(ready.database)

    ann.connect_mailbox(ADDRESS)
    answer = ann.rpc("/outlook_calendar/sync", wait=True)

    assert answer["state"] == "synced"
    assert before == (move.rows(EVENTS), move.rows(MAILS))
    assert ready.control.mails() == []
    assert len(ready.control.events(ADDRESS)) == 4
    assert [one for one in ready.control.requests() if _is_write(one)] == []
    assert move.rows("SELECT state, count(*) FROM outlook_meeting GROUP BY state") == ["linked|4"]


def _fill_outlook(move: Move, ready: Stage) -> None:
    """Make in Outlook what its own sync had written there."""
    guest = {"type": "required", "emailAddress": {"address": "guest@outside.example"}}
    more = {
        "Focus": {},
        "Board": {"attendees": [guest], "location": {"displayName": "Room 1"}},
        "Holiday": {"isAllDay": True},
        "Daily": {"attendees": [guest]},
    }
    query = (
        "SELECT DISTINCT ON (name) name, start, stop FROM calendar_event"
        f" WHERE name IN {tuple(more)} ORDER BY name, start"
    )
    for line in move.rows(query):
        name, start, stop = line.split("|")
        event = {"subject": name, "isReminderOn": False, **more[name]}
        event |= {"start": _utc(start), "end": _utc(stop)}
        if name == "Holiday":
            event |= {"start": _utc(f"{start[:10]} 00:00:00"), "end": _utc(_day_after(start))}
        if name == "Daily":
            event["recurrence"] = {
                "pattern": {"type": "daily", "interval": 1},
                "range": {"type": "numbered", "numberOfOccurrences": 3, "startDate": start[:10]},
            }
        ready.control.create_event(ADDRESS, event)


def _utc(moment: str) -> dict[str, str]:
    return {"dateTime": moment.replace(" ", "T"), "timeZone": "UTC"}


def _day_after(moment: str) -> str:
    return f"{date.fromisoformat(moment[:10]) + timedelta(days=1)} 00:00:00"


def _is_write(request: dict[str, Any]) -> bool:
    # The calendar's mark of whose mailbox it is says nothing of meetings.
    return request["method"] != "GET" and request["path"].startswith("/me/events")
