"""Who is who: addresses in Outlook, users and contacts here.

An address means, in this order: the user who connected that mailbox, the user with that e-mail,
the contact with that e-mail (the oldest, so that it is always the same one). Whoever is archived
comes after all who are not: he is invisible here.
"""

from collections.abc import Iterable

from odoo.api import Environment
from odoo.fields import Domain

from ..core.engine.normalize import norm_address
from ..core.engine.snapshot import Keyed, Person

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
    """Look people up for one step, as far as `viewer` may see them.

    What was found once is not asked again.
    """

    def __init__(self, env: Environment, viewer) -> None:
        self.env = env
        self._viewer = viewer
        self._users: dict[str, int] = {}
        self._partners: dict[str, int] = {}
        self._known_addresses: dict[int, list[str]] = {}

    def forget(self) -> None:
        """Look everybody up again: what was found may have been rolled back."""
        self._users.clear()
        self._partners.clear()
        self._known_addresses.clear()

    def user(self, address: str | None):
        """Return the internal user behind an address, or none."""
        wanted = norm_address(address)
        if wanted and wanted not in self._users:
            self._users[wanted] = self._find_user(wanted).id or 0
        return self.env["res.users"].browse(self._users.get(wanted) or ())

    def partner(self, person: Person, *, create: bool):
        """Return the contact of a person; unknown ones are made where asked for.

        Nobody without an address is looked for: names say nothing about who it is.
        """
        wanted = norm_address(person.address)
        partners = self.env["res.partner"]
        if not wanted:
            return partners
        if not self._partners.get(wanted):
            contact = partners.search(
                Domain("email_normalized", "=", wanted) & self._is_visible(),
                order="active desc, id",
                limit=1,
            )
            # Sorting is stable: of two who are both active, the user comes first.
            either = self.user(wanted).partner_id + contact
            found = either.sorted(lambda one: not one.active)[:1]
            if not found and create:
                found = partners.create({"name": person.name or wanted, "email": wanted})
            self._partners[wanted] = found.id
        return partners.browse(self._partners[wanted] or ())

    def meant(self, address: str | None, among):
        """Return those contacts of `among` whom an address means: several may share one."""
        wanted = norm_address(address)
        sharing = among.filtered(lambda partner: wanted in self._addresses(partner))
        return sharing or self.partner(Person("required", address=wanted), create=False) & among

    def address(self, partner, known: Iterable[str] = ()) -> str:
        """Return the address under which Outlook knows a contact; "" where it has none.

        Somebody may be invited under one of several: the one in `known` is taken, so that a
        colleague invited by an alias is not taken for two people.
        """
        addresses = self._addresses(partner)
        return next((one for one in addresses if one in set(known)), next(iter(addresses), ""))

    def guests(self, event, but, known: Iterable[str] = ()) -> Keyed:
        """Return who is invited to an event, without the contacts in `but` (its organizer)."""
        guests = {}
        for partner in event.attendee_ids.partner_id - but:
            address = self.address(partner, known)
            if address:
                guests[address] = Person("required", partner.name or "", address)
        return Keyed(guests)

    def _is_visible(self) -> Domain:
        """Return whom the viewer's companies let him see; as Odoo's own rule for contacts."""
        return (
            Domain("partner_share", "=", False)
            | Domain("company_id", "=", False)
            | Domain("company_id", "parent_of", self._viewer.company_ids.ids)
        )

    def _addresses(self, partner) -> list[str]:
        if partner.id not in self._known_addresses:
            accounts = self.env["outlook.account"].search(
                [("user_id.partner_id", "=", partner.id), ("address", "!=", False)]
            )
            # Odoo's normal form: what is typed as an e-mail may be none, or several.
            found = [*accounts.mapped("address"), partner.email_normalized]
            self._known_addresses[partner.id] = [norm_address(one) for one in found if one]
        return self._known_addresses[partner.id]

    def _find_user(self, address: str):
        account = self.env["outlook.account"].search([("address", "=", address)], limit=1)
        users = self.env["res.users"]
        internal = [("share", "=", False)]
        found = (
            account.user_id
            + users.search([*internal, ("email_normalized", "=", address)], order="id")
            + users.search([*internal, ("login", "=ilike", _literal(address))], order="id")
        )
        return found.sorted(lambda user: not user.active)[:1]


def _literal(text: str) -> str:
    """Return `text` for =ilike: an underscore is common in addresses and no wildcard there."""
    return text.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
