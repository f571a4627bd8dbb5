"""Odoo's own commands on a copy of the database: `odoo neutralize` and `odoo module uninstall`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from workbench import odoo_process
from workbench.cache import ADDON, Cache
from workbench.commands import databases
from workbench.database import Databases

# Somebody with a mailbox, one meeting in step, one change that waits, and a secret in the settings.
FURNISH = """
user = env["res.users"].create({"name": "Ann", "login": "ann-uninstall"})
account = env["outlook.account"].create(
    {"user_id": user.id, "state": "active", "token_cache": "sealed", "address": "ann@example.com"}
)
calendar = env["outlook.calendar"].create({"account_id": account.id, "remote_id": "calendar"})
event = env["calendar.event"].with_user(user).create(
    {"name": "Plan", "start": "2030-01-07 09:00:00", "stop": "2030-01-07 10:00:00"}
)
meeting = env["outlook.meeting"].create({"event_id": event.id, "state": "linked"})
env["outlook.copy"].create(
    {"meeting_id": meeting.id, "calendar_id": calendar.id, "role": "organizer", "remote_id": "1"}
)
env["ir.config_parameter"].set_param("outlook_calendar.client_secret", "sealed")
env.cr.commit()
"""
EVENTS = """
    SELECT string_agg(e::text, '|' ORDER BY id)
      FROM (SELECT id, name, description, location, start, stop, allday, active, user_id, privacy,
                   show_as, write_date FROM calendar_event) e
"""
OURS = """
    SELECT 'table ' || table_name FROM information_schema.tables WHERE table_name LIKE 'outlook\\_%'
     UNION
    SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns
     WHERE column_name LIKE 'outlook\\_%'
     UNION
    SELECT 'parameter ' || key FROM ir_config_parameter WHERE key LIKE 'outlook\\_calendar.%'
     UNION
    SELECT 'record ' || model || ' ' || name FROM ir_model_data WHERE module = 'outlook_calendar'
"""


class House:
    """A furnished copy of the template database, and Odoo's command line on it."""

    def __init__(self, found: Databases, cache: Cache, name: str) -> None:
        self._found, self._cache, self._name = found, cache, name
        self._odoo("shell", "--no-http", "--log-level=error", text=FURNISH)

    def rows(self, query: str) -> list[str]:
        """Return the lines that PostgreSQL answers."""
        return self._found.pg.sql(query, database=self._name)

    def neutralize(self) -> None:
        """Run `odoo neutralize`."""
        self._odoo("neutralize")

    def uninstall(self) -> None:
        """Run `odoo module uninstall`, whose options come after the second word."""
        self._odoo("module", "uninstall", last=(ADDON,))

    def _odoo(self, *words: str, last: tuple[str, ...] = (), text: str = "") -> None:
        configuration = str(odoo_process.configuration(self._cache))
        options = ("-c", configuration, "-d", self._name)
        head, rest = (words, ()) if last else (words[:1], words[1:])
        subprocess.run(
            [str(self._cache.python), "-m", "odoo", *head, *options, *rest, *last],
            input=text,
            text=True,
            check=True,
            capture_output=True,
            cwd=self._cache.root,
            env=odoo_process.environment(self._cache, self._found.pg),
        )


@pytest.fixture
def house() -> Iterator[House]:
    """Give a furnished database, dropped afterwards."""
    cache = Cache.locate()
    with databases(cache) as found, found.clone() as name:
        yield House(found, cache, name)


def test_an_uninstallation_leaves_the_calendar_as_it_was(house: House) -> None:
    """Tables, columns, records and parameters of ours are gone; meetings are as before."""
    before = house.rows(EVENTS)
    assert house.rows(OURS)

    house.uninstall()

    assert house.rows(OURS) == []
    assert house.rows(EVENTS) == before


def test_a_neutralized_copy_can_reach_nobody(house: House) -> None:
    """No sign-in, no secret, nothing to send, no cron."""
    house.neutralize()

    assert house.rows("SELECT state, token_cache FROM outlook_account") == ["new|"]
    assert house.rows("SELECT count(*) FROM outlook_outbox") == ["0"]
    assert "parameter outlook_calendar.client_secret" not in house.rows(OURS)
    active = "SELECT count(*) FROM ir_cron WHERE active AND cron_name LIKE 'Outlook Calendar%'"
    assert house.rows(active) == ["0"]
