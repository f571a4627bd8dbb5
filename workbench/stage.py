"""A stage for the demo and the live tests: Odoo, a local Microsoft, people with mailboxes.

    with stage(databases) as scene:
        linh = scene.employ("Linh Tran", "linh@contoso.example", zone="Asia/Ho_Chi_Minh")
        linh.odoo.connect_mailbox(linh.address)

Needs the environment's Python: the sandbox's remote control is a part of the sandbox.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.control import Control

from . import server
from .database import Databases
from .people import OdooUser

CLIENT_ID = "5f2c0a52-7c0e-4a55-9a0f-0c6f6d1a1b11"
CLIENT_SECRET = "sandbox-secret-of-the-demo"
RETURN_PATH = "/microsoft_account/authentication"
PASSWORD = "demo"


@dataclass
class Person:
    """Somebody with a user here and, where he has one, a mailbox at Microsoft."""

    name: str
    address: str
    zone: str
    odoo: OdooUser


@dataclass
class Stage:
    """What is running, and the administrator."""

    odoo: server.Process
    microsoft: server.Process
    control: Control
    database: str
    admin: OdooUser
    databases: Databases
    microsoft_environment: Mapping[str, str]
    people: list[Person] = field(default_factory=list)

    @property
    def outlook_url(self) -> str:
        """Return the address of the page that shows the mailboxes."""
        return f"{self.microsoft.url}/outlook/"

    @contextlib.contextmanager
    def another_odoo(self, *, options: Sequence[str] = ()) -> Iterator[server.Process]:
        """Run a second server on the same database, as people with many users do."""
        odoo = server.odoo(
            self.databases.cache,
            self.databases.pg,
            self.database,
            options=options,
            env=self.microsoft_environment,
        )
        with server.running(odoo):
            yield odoo

    def configure(self) -> None:
        """Register the application at Microsoft; enter it in the settings as the screen does."""
        self.control.add_app(
            client_id=CLIENT_ID,
            secret=CLIENT_SECRET,
            redirect_uris=[self.odoo.url + RETURN_PATH],
        )
        settings = self.admin.call(
            "res.config.settings",
            "create",
            {
                "outlook_calendar_enabled": True,
                "outlook_calendar_client_id": CLIENT_ID,
                "outlook_calendar_client_secret": CLIENT_SECRET,
            },
        )
        self.admin.call("res.config.settings", "execute", [settings])

    def employ(self, name: str, address: str, *, zone: str) -> Person:
        """Give somebody a user here and a mailbox at Microsoft; not connected yet."""
        self.control.add_mailbox(address, name=name, time_zone=zone)
        values = {"name": name, "login": address, "email": address, "tz": zone}
        self.admin.call(
            "res.users",
            "create",
            {**values, "password": PASSWORD},
            context={"no_reset_password": True},
        )
        user = OdooUser(self.odoo.url, address, PASSWORD).sign_in(self.database)
        person = Person(name, address, zone, user)
        self.people.append(person)
        return person


@contextlib.contextmanager
def stage(
    databases: Databases,
    *,
    of: str | None = None,
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[Stage]:
    """Set the stage on a fresh database, or on a copy of `of`; all is stopped and dropped after."""
    with (
        databases.clone(of=of or databases.warm(make=False)) as name,
        server.running_sandbox(databases.cache) as microsoft,
    ):
        environment = {**microsoft.client_environment, **(env or {})}
        odoo = server.odoo(databases.cache, databases.pg, name, options=options, env=environment)
        databases.set_parameters(
            name,
            {
                "outlook_calendar.authority_url": microsoft.https_url,
                "outlook_calendar.graph_url": microsoft.https_url,
                "web.base.url": odoo.url,
                "web.base.url.freeze": "True",
            },
        )
        with server.running(odoo):
            admin = OdooUser(odoo.url, "admin", "admin").sign_in(name)
            control = Control(microsoft.http_url)
            yield Stage(odoo, microsoft.process, control, name, admin, databases, environment)
