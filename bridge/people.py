"""Who is who: people in Outlook, contacts here. By what rule is in `addresses`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from odoo.api import Environment
from odoo.tools import email_normalize

from ..core.engine.normalize import norm_address
from ..core.engine.snapshot import EMPTY, Keyed, Person, Snapshot
from .addresses import Addresses, plain

#: The answers of Graph and the states of `calendar.attendee`.
STATES = {
    "none": "needsAction",
    "notResponded": "needsAction",
    "organizer": "accepted",
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
ANSWERS = {"accepted": "accept", "tentative": "tentativelyAccept", "declined": "decline"}


class People:
    """Look people up for one step, as far as `viewer` may see them."""

    def __init__(self, env: Environment, viewer) -> None:
        self.env = env
        self._viewer = viewer
        self._addresses = Addresses(env, viewer)
        self._others: dict[int, People] = {}
        self._indexes: dict[tuple[int, ...], Mapping[str, list[int]]] = {}

    def seen_by(self, user) -> "People":
        """Return the people as another user sees them: of two companies each has its own."""
        if not user or user == self._viewer:
            return self
        return self._others.setdefault(user.id, People(self.env, user))

    def forget(self) -> None:
        """Look everybody up again: what was found may have been rolled back."""
        self._addresses.forget()
        self._others.clear()
        self._indexes.clear()

    def prefetch(self, addresses: Iterable[str | None]) -> None:
        """Find out whose these are, in a few queries however many they are."""
        self._addresses.look_up(map(norm_address, addresses))

    def user(self, address: str | None):
        """Return the internal user behind an address, or none."""
        return self.env["res.users"].browse(self._addresses.user(norm_address(address)) or ())

    def partner(self, person: Person, *, create: bool):
        """Return the contact of a person; unknown ones are made where asked for."""
        people = Keyed({"": person})
        return self.invited(people, lambda _person: create).get("", self.env["res.partner"])

    def invited(self, people: Keyed, is_welcome: Callable[[Person], bool]) -> dict[str, Any]:
        """Return the contacts of these people, by their keys; who has none here is left out.

        Of those who are welcome contacts are made, all at once. Nobody without an address is looked
        for: names say nothing about who it is.
        """
        by_key = {key: norm_address(person.address) for key, person in people.items()}
        self._addresses.look_up(by_key.values())
        unknown = {
            address: people[key]
            for key, address in by_key.items()
            if is_mail(address) and not self._addresses.partner(address) and is_welcome(people[key])
        }
        partners = self.env["res.partner"]
        made = partners.create(
            [{"name": person.name or one, "email": one} for one, person in unknown.items()]
        )
        for address, partner in zip(unknown, made, strict=True):
            self._addresses.belongs(address, partner)
        found = {key: self._addresses.partner(one) for key, one in by_key.items() if one}
        return {key: partners.browse(number) for key, number in found.items() if number}

    def meant(self, address: str | None, among):
        """Return those contacts of `among` whom an address means: several may share one."""
        wanted = norm_address(address)
        index = self._index(among)
        sharing = index.get(wanted) or index.get(plain(wanted))
        if sharing:
            return among.browse(sharing)
        return among.browse(self._addresses.partner(wanted) or ()) & among

    def address(self, partner, known: Iterable[str] = ()) -> str:
        """Return the address under which Outlook knows a contact; "" where it has none.

        Somebody may be invited under one of several: the one in `known` is taken, so that a
        colleague invited by an alias is not taken for two people.
        """
        own, names = self._addresses.of(partner)
        invited = {*known}
        tagged = (one for one in sorted(invited) if plain(one) in names)
        return next((one for one in names if one in invited), next(tagged, own))

    def guests(self, event, but, known: Iterable[str] = ()) -> Keyed:
        """Return who is invited to an event, without the contacts in `but` (its organizer).

        Each stands under all addresses in `known` that mean him, else under his own.
        """
        partners = event.attendee_ids.partner_id - but
        index = self._index(partners)
        by_partner: dict[int, list[str]] = {}
        for key in known:
            for number in index.get(key) or index.get(plain(key), ()):
                by_partner.setdefault(number, []).append(key)
        guests = {}
        for partner in partners:
            own = self._addresses.of(partner).own
            for address in by_partner.get(partner.id) or filter(None, [own]):
                guests[address] = Person("required", partner.name or "", address)
        return Keyed(guests)

    def _index(self, partners) -> Mapping[str, list[int]]:
        """Return ids of these contacts by each of their addresses."""
        index = self._indexes.get(partners._ids)
        if index is None:
            self._addresses.read(partners)
            index = self._indexes[partners._ids] = {}
            for partner in partners:
                for name in self._addresses.of(partner).names:
                    index.setdefault(name, []).append(partner.id)
        return index


def is_mail(address: str) -> bool:
    """Tell whether mail can be sent there: lists and people of the directory may have a path."""
    return bool(email_normalize(address))


def keys(snapshot: Snapshot | None) -> frozenset[str]:
    """Return the keys of all people in a snapshot, those of single dates included."""
    if not snapshot:
        return frozenset()
    dates = [one for one in snapshot.get("occurrences", EMPTY).values() if isinstance(one, Keyed)]
    return frozenset(key for one in (snapshot, *dates) for key in one.get("people", EMPTY))
