"""Random acts by random people on random sides: one meeting, and exactly the mails of the table.

Always the same few lives, unless ``HYPOTHESIS_PROFILE`` is ``dev`` (new ones each time) or ``ci``
(many). Without Hypothesis, as on a server that merely runs its tests, this one is skipped. That two
rounds run in one moment cannot be had in one transaction: see `tests/live`.
"""

from datetime import timedelta
from importlib.util import find_spec
from unittest import skipUnless

from odoo.tests import tagged

from . import hypothesis_profiles
from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time
from .people_model import Model, Shown

CARL = "carl@contoso.example"
ADDRESSES = (ANN, BOB, CARL, GUEST)
ANSWERS = {
    "accept": ("do_accept", "accepted"),
    "tentativelyAccept": ("do_tentative", "tentative"),
    "decline": ("do_decline", "declined"),
}


@tagged("post_install", "-at_install")
@skipUnless(find_spec("hypothesis"), "needs Hypothesis")
class TestPeopleProperty(SandboxCase):
    def setUp(self):
        super().setUp()
        self.carl = self._user("carl", CARL, "Asia/Kolkata")
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="Asia/Kolkata")
        self.sandbox.add_mailbox(GUEST, name="Guest")
        self.users = {ANN: self.ann, BOB: self.bob, CARL: self.carl}
        self.partners = {one: user.partner_id for one, user in self.users.items()}
        self.partners[GUEST] = self.guest
        for address, user in self.users.items():
            self.connect(user, address)
        self._lives = 0
        self._acts = 0

    def test_everybody_gets_exactly_the_mails_of_the_table(self):
        """After each round: one event, the mails that the model predicts, copies that agree."""
        from .people_draws import lives  # only here: it needs Hypothesis

        hypothesis_profiles.run(lives(), self._live, few=5, dev=40, ci=150)

    def _live(self, life):
        self._lives += 1
        self._begin(life)
        self._settle(life.orders[0])
        for acts, order in zip(life.groups, life.orders[1:], strict=False):
            for act in acts:
                self._act(act)
            self._settle(order)
        self.written()
        self._settle(life.orders[-1])
        self.assertEqual([], self.written(), "a further round wrote")

    # How it begins ------------------------------------------------------------------------------

    def _begin(self, life):
        self.name = f"Life {self._lives}"
        organizer = ADDRESSES[life.organizer]
        people = frozenset(ADDRESSES[one] for one in life.guests) - {organizer}
        self.day = self.soon(days=10 + self._lives)
        begun = Shown(organizer, people, f"{self.name}.0")
        self.model = Model(Shown(organizer, people, begun.subject, is_there=False))
        self.model.partners = {*people, organizer}
        self.sandbox.state.mails.clear()
        if life.is_made_here:
            guests = [self.partners[one].id for one in self.model.partners]
            self.make(
                self.users[organizer], name=begun.subject, partner_ids=[(6, 0, guests)],
                **self._times(begun.hour),
            )  # fmt: skip
            self.model.change_here(is_there=True)
        else:
            self.make_remote(
                organizer,
                subject=begun.subject,
                attendees=[attendee(one) for one in sorted(people)],
                **self._graph_times(begun.hour),
            )
            self.model.change_there(is_there=True)

    def _times(self, hour):
        start = self.day.replace(hour=0) + timedelta(hours=hour)
        return {"start": start, "stop": start + timedelta(hours=1)}

    def _graph_times(self, hour):
        times = self._times(hour)
        return {"start": graph_time(times["start"]), "end": graph_time(times["stop"])}

    # What happens to it -------------------------------------------------------------------------

    def _act(self, act):
        self._acts += 1
        getattr(self, f"_{act.what}")(act, ADDRESSES[act.who])

    def _event(self):
        events = self.env["calendar.event"].with_context(active_test=False)
        [event] = events.search([("name", "=like", f"{self.name}.%")])
        return event

    def _own(self, address):
        """Return what a mailbox shows of the meeting as it is now; None where it has no copy."""
        found = [
            one
            for one in self.sandbox.events(address)
            if one["subject"].startswith(f"{self.name}.") and not one["isCancelled"]
        ]
        self.assertLessEqual(len(found), 1, f"twice in the calendar of {address}")
        return found[0] if found else None

    def _edit(self, act, who, *, here, there, **values):
        """Let somebody edit here, or the organizer there."""
        if not self.model.here.is_there:
            return
        if act.is_here:
            user = self.users.get(who, self.env.ref("base.user_admin"))
            self.write(self._event(), user, **here)
            self.model.change_here(**values)
        else:
            organizer = self.model.there.organizer
            self.sandbox.change_event(organizer, self._own(organizer)["id"], there)
            self.model.change_there(**values)

    def _rename(self, act, who):
        subject = f"{self.name}.{self._acts}"
        self._edit(act, who, here={"name": subject}, there={"subject": subject}, subject=subject)

    def _place(self, act, who):
        place = f"Room {self._acts}"
        there = {"location": {"displayName": place}}
        self._edit(act, who, here={"location": place}, there=there, place=place)

    def _move(self, act, who):
        hour = self.model.here.hour + act.value % 3 + 1
        times = self._times(hour), self._graph_times(hour)
        self._edit(act, who, here=times[0], there=times[1], hour=hour)

    def _invite(self, act, who):
        if who not in self.model.partners:
            self._list(act, self.model.here.people | {who}, {"partner_ids": self._link(who)})

    def _uninvite(self, act, who):
        if who in self.model.here.people:
            self._list(act, self.model.here.people - {who}, {"partner_ids": self._link(who, 3)})

    def _list(self, act, people, here):
        if not self.model.here.is_there:
            return
        there = {"attendees": [attendee(one) for one in sorted(people)]}
        self._edit(act, ADDRESSES[act.value % 3], here=here, there=there, people=people)
        self.model.partners = {*people} | (self.model.partners & {self.model.here.organizer})

    def _link(self, who, command=4):
        return [(command, self.partners[who].id)]

    def _scribble(self, act, who):
        """A guest changes what is his own in his copy: nobody else's business."""
        copy = who in self.model.there.people and self._own(who)
        if copy:
            self.sandbox.change_event(who, copy["id"], {"categories": [f"Tag {self._acts}"]})

    def _answer(self, act, who):
        copy = who in self.model.there.people and self._own(who)
        if not copy or not self.model.there.is_there:
            return
        how = sorted(ANSWERS)[act.value % 3]
        method, state = ANSWERS[how]
        if act.is_here and who != GUEST:
            row = self._row(who)
            if row.state == state:
                return
            getattr(row.with_user(self.users[who]), method)()
        else:
            self.sandbox.answer_event(who, copy["id"], how)
        self.model.answer(who, is_declined=how == "decline")

    def _row(self, who):
        attendees = self._event().attendee_ids
        return attendees.filtered(lambda one: one.partner_id == self.partners[who])

    def _leave(self, act, who):
        """A guest takes his copy out of his calendar, which is no answer that anybody mails."""
        copy = who in self.model.there.people and self._own(who)
        if copy and self.model.there.is_there:
            self.sandbox.delete_event(who, copy["id"])
            self.model.without.add(who)

    def _delete(self, act, who):
        """The organizer deletes in Outlook."""
        if self.model.there.is_there:
            organizer = self.model.there.organizer
            self.sandbox.delete_event(organizer, self._own(organizer)["id"])
            self.model.change_there(is_there=False)

    def _archive(self, act, who):
        if self.model.there.is_there:
            self._event().with_user(self.users.get(who, self.ann)).action_archive()
            self.model.change_here(is_there=False)

    def _unarchive(self, act, who):
        if not self.model.there.is_there:
            self._event().with_user(self.users.get(who, self.ann)).action_unarchive()
            self.model.change_here(is_there=True)

    def _give(self, act, who):
        """Somebody else organizes it from now on; who did is a guest like the others."""
        if who == GUEST or not self.model.there.is_there or who == self.model.there.organizer:
            return
        self.write(
            self._event(), self.users[self.model.there.organizer], user_id=self.users[who].id
        )
        people = frozenset(self.model.partners - {who})
        self.model.change_here(organizer=who, people=people)

    # What must hold -----------------------------------------------------------------------------

    def _settle(self, order):
        for _turn in range(2):
            self.sync(*(list(self.users.values())[one] for one in order))
        self.model.settle()
        mails = [(one.kind, one.sender, to) for one in self.sandbox.mails for to in one.recipients]
        self.sandbox.state.mails.clear()
        self.assertEqual(self.model.take_mails(), sorted(mails))
        self.assertFalse(self.mails(), "Odoo mailed")
        self._hold_together()

    def _hold_together(self):
        """One event here; each mailbox has what its role lets it have, and shows the same."""
        now, event = self.model.there, self._event()
        self.assertEqual(now.is_there, event.active)
        here = (event.name, event.location or "", event.start)
        wanted = (now.subject, now.place, self._times(now.hour)["start"])
        self.assertEqual(wanted, here)
        self.assertEqual(self.users[now.organizer], event.user_id)
        self.assertEqual(now.people, self._invited(event))
        for address in ADDRESSES:
            copy = self._own(address)
            is_in = address == now.organizer or address in now.people
            is_in = now.is_there and is_in and address not in self.model.without
            self.assertEqual(is_in, bool(copy), address)
            if copy:
                start = copy["start"]["dateTime"][:16]
                shown = (copy["subject"], copy["location"]["displayName"], start)
                self.assertEqual((*wanted[:2], f"{wanted[2]:%Y-%m-%dT%H:%M}"), shown)
                self.assertEqual(address == now.organizer, copy["isOrganizer"])

    def _invited(self, event):
        partners = event.partner_ids - event.user_id.partner_id
        return {one for one, partner in self.partners.items() if partner in partners}
