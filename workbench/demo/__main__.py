"""Run the demo: `python -m workbench.demo`, in the environment's Python."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..commands import databases
from ..console import Failure, complain, say
from ..people import OdooUser
from ..stage import PASSWORD, Person, Stage, stage
from .acts import HERE, THERE, Act, Script, Week
from .people_acts import PeopleScript
from .series_acts import SeriesScript
from .table import table
from .trouble_acts import TroubleScript

PATIENCE_SECONDS = 45
LOOK_AGAIN_SECONDS = 0.2
WRITES = ("POST", "PATCH", "DELETE")
WIDTHS = (2, 10, 36, 30, 34, 8, 6)
HEADINGS = ("", "where", "who does what", "what arrived", "mails from Outlook", "requests", "ms")


@dataclass
class Result:
    """What came of one act."""

    act: Act
    differences: list[str]
    mails: list[str]
    requests: int
    milliseconds: int

    @property
    def row(self) -> tuple[str, ...]:
        """Return the act's line in the table."""
        where = "Outlook" if self.act.side == THERE else "calendar"
        return (
            "✗" if self.differences else "✓",
            where,
            f"{self.act.who.name.split()[0]} {self.act.what}",
            "; ".join(self.differences) or _arrival(self.act),
            ", ".join(self.mails) or "none",
            str(self.requests),
            str(self.milliseconds),
        )


def run(scene: Stage) -> bool:
    """Play all acts; print the table; tell whether everything was as it must be."""
    scene.configure()
    linh = scene.employ("Linh Tran", "linh@contoso.example", zone="Asia/Ho_Chi_Minh")
    bram = scene.employ("Bram Peeters", "bram@contoso.example", zone="Europe/Brussels")
    week = Week.coming()
    meetings_of_people = PeopleScript(scene, linh, bram, week)
    meetings_of_people.prepare()
    mailed_before = _mailed_here(scene)
    for person in (linh, bram):
        person.odoo.connect_mailbox(person.address)
        if person is linh:
            _until(lambda: _state(linh.odoo) == "preview")
            meetings_of_people.choose()
        _until(lambda person=person: _state(person.odoo) == "synced")
        say(f"  {person.name} signed in at Microsoft: {_mailbox(person.odoo)} is connected")
    scripts = Script(scene, linh, bram, week), SeriesScript(scene, linh, bram, week)
    trouble = TroubleScript(scene, linh, bram, week)
    results = [_play(scene, act) for act in chain(*scripts, meetings_of_people, trouble)]
    say("\n" + table(HEADINGS, (result.row for result in results), widths=WIDTHS) + "\n")
    problems = [*_left_over(results), *_bounced(scene)]
    if sent := _mailed_here(scene) - mailed_before:
        problems.append(f"this server sent {sent} mails of its own about the meetings")
    for problem in problems:
        say(f"✗ {problem}")
    if not problems:
        say(
            f"All {len(results)} acts arrived; a further round of both mailboxes wrote nothing; "
            "this server sent no mail about any of them."
        )
    return not problems


def _play(scene: Stage, act: Act) -> Result:
    scene.control.clear_requests()
    scene.control.clear_mails()
    began = time.monotonic()
    act.do()
    asked = len(scene.control.requests()) if act.side == HERE else 0
    scene.control.clear_requests() if act.side == THERE else None
    wanted = sorted(f"{kind} to {address}" for kind, address in act.mails)
    differences: list[str] = []

    def is_done() -> bool:
        _wake(scene, act)
        differences[:] = _differences(scene, act)
        return not differences and _mails(scene) == wanted

    _until(is_done)
    spent = time.monotonic() - began
    mails = _mails(scene)
    if mails != wanted:
        differences.append(f"mails: expected {', '.join(wanted) or 'none'}")
    requests = len(scene.control.requests()) - asked
    return Result(act, differences, mails, requests, round(spent * 1000))


def _wake(scene: Stage, act: Act) -> None:
    """Click *Sync now* where nothing here could know of a change; the cron does the rest."""
    for person in scene.people:
        if act.side == THERE or person is not act.who:
            _sync_soon(person)


def _sync_soon(person: Person) -> None:
    if _state(person.odoo) == "synced":
        person.odoo.rpc("/outlook_calendar/sync")


def _differences(scene: Stage, act: Act) -> list[str]:
    found: list[str] = []
    for person in scene.people:
        if person.name in act.here:
            shown = act.look.here(person, act.subject)
            found += _compare("calendar", person, act.here[person.name], shown)
        if person.name in act.there:
            shown = act.look.there(scene.control, person, act.subject)
            found += _compare(THERE, person, act.there[person.name], shown)
    return found


def _compare(where: str, person: Person, wanted: Any, shown: Any) -> list[str]:
    if wanted is None:
        return [f"{where} of {person.name}: it is still there"] if shown else []
    seen_by = person.address if where == THERE else ""
    differences = wanted.differences(shown, seen_by=seen_by)
    return [f"{where} of {person.name}: {words}" for words in differences]


def _mails(scene: Stage) -> list[str]:
    return sorted(
        f"{mail['kind']} to {address}"
        for mail in scene.control.mails()
        for address in mail["recipients"]
    )


def _arrival(act: Act) -> str:
    """Say what is on the other side now."""
    shown = act.here if act.side == THERE else act.there
    people = " and ".join(name.split()[0] for name in shown)
    where = "calendar" if act.side == THERE else "Outlook"
    gone = all(meeting is None for meeting in shown.values())
    return f"gone from the {where} of {people}" if gone else f"in the {where} of {people}"


def _left_over(results: list[Result]) -> Iterator[str]:
    for result in results:
        for words in result.differences:
            yield f"{result.act.who.name} {result.act.what}: {words}"


def _bounced(scene: Stage) -> Iterator[str]:
    """Run one more round for everybody; it must write nothing anywhere and mail nobody."""
    scene.control.clear_requests()
    scene.control.clear_mails()
    for person in scene.people:
        answer = person.odoo.rpc("/outlook_calendar/sync", wait=True)
        if answer["pending"] or answer["state"] != "synced":
            yield f"{person.name} is {answer['state']} with {answer['pending']} changes not sent"
    written = Counter(
        request["method"]
        for request in scene.control.requests()
        if request["method"] in WRITES and "/oauth2/" not in request["path"]
    )
    if written:
        yield f"a further round wrote to Outlook: {dict(written)}"
    if _mails(scene):
        yield f"a further round mailed people: {_mails(scene)}"


def _mailed_here(scene: Stage) -> int:
    """Return how many mails this server made about meetings."""
    about = [("model", "like", "calendar.%")]
    return int(scene.admin.call("mail.mail", "search_count", about))


def _state(user: OdooUser) -> str:
    return str(user.rpc("/outlook_calendar/status")["state"])


def _mailbox(user: OdooUser) -> str:
    return str(user.rpc("/outlook_calendar/status")["mailbox"])


def _until(is_done, seconds: float = PATIENCE_SECONDS) -> None:  # type: ignore[no-untyped-def]
    """Wait for the background work; what is not done in time shows in the comparison."""
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN_SECONDS)


def _stay(scene: Stage) -> None:
    """Leave both sides open to a person until Ctrl-C."""
    say(
        f"\nThe calendar:  {scene.odoo.url}/odoo/calendar\n"
        + "".join(f"    login {one.address}, password {PASSWORD}\n" for one in scene.people)
        + "    login admin, password admin\n"
        f"Outlook:       {scene.outlook_url}\n\n"
        "Change something on either side and look at the other. Ctrl-C stops everything."
    )
    signal.pause()


def main() -> int:
    """Run the demo; in a terminal stay up afterwards."""
    try:
        with databases(Cache.locate()) as found, stage(found) as scene:
            say(f"  Odoo and a local Microsoft are running (logs: {Path(scene.odoo.log).parent})")
            is_right = run(scene)
            if sys.stdin.isatty() and sys.stdout.isatty():
                _stay(scene)
            return 0 if is_right else 1
    except Failure as failure:
        complain(str(failure))
    except KeyboardInterrupt:
        say("Stopped.")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
