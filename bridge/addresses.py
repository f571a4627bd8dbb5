"""Whose an address is: mailboxes, users and contacts here, looked up for many addresses at once.

The order, which is always the same: who connected that mailbox, or one of which it is an alias; the
user with that e-mail, then with that login; the contact of the viewer's company, then shared ones,
then those of other companies that he sees, of these the oldest. Where nobody has an address with a
tag (`bob+news@…`), who has the plain one is meant. Whoever is archived comes after all who are not:
he is invisible here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from odoo.api import Environment
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.engine.normalize import norm_address
from ..core.graph.remote import RemoteCalendar

#: The directory of all personal accounts (documented: id tokens, claim tid).
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
#: The users behind addresses, best first; see the module's text.
_USERS = """
    SELECT found.address, found.user_id
      FROM (
            SELECT address, user_id, 1 AS rank FROM outlook_account WHERE address = ANY(%(names)s)
             UNION ALL
            SELECT alias, user_id, 2
              FROM outlook_account, jsonb_array_elements_text(aliases) AS alias
             WHERE jsonb_typeof(aliases) = 'array' AND alias = ANY(%(names)s)
             UNION ALL
            SELECT partner.email_normalized, owner.id, 3
              FROM res_users owner JOIN res_partner partner ON partner.id = owner.partner_id
             WHERE owner.share IS NOT TRUE AND partner.email_normalized = ANY(%(names)s)
             UNION ALL
            SELECT lower(login), id, 4
              FROM res_users
             WHERE share IS NOT TRUE AND lower(login) = ANY(%(names)s)
           ) found
      JOIN res_users owner ON owner.id = found.user_id
     ORDER BY owner.active DESC, found.rank, found.user_id
"""
_READ = {
    "outlook.account": ["address", "aliases", "user_id"],
    "res.users": ["login", "share", "active", "partner_id"],
    "res.partner": ["email_normalized"],
}


class Known(NamedTuple):
    """The addresses of a contact: the one he is invited under ("" for none), and all of them."""

    own: str
    names: tuple[str, ...]


class Addresses:
    """The addresses met in one step, as `viewer` may see them. What was found is not asked again.

    All addresses are normal ones (`norm_address`).
    """

    def __init__(self, env: Environment, viewer) -> None:
        self._env = env(context={**env.context, "active_test": False})
        self._viewer = viewer
        self._users: dict[str, int] = {}
        self._partners: dict[str, int] = {}
        self._known: dict[int, Known] = {}

    def forget(self) -> None:
        """Look everybody up again: what was found may have been rolled back."""
        self._users.clear()
        self._partners.clear()
        self._known.clear()

    def look_up(self, addresses: Iterable[str]) -> None:
        """Find out whose these are, in a few queries however many they are."""
        wanted = {one for one in addresses if one} - self._partners.keys()
        if not wanted:
            return
        names = sorted(wanted | {plain(one) for one in wanted})
        users, contacts = self._find_users(names), self._find_contacts(names)
        for one in wanted:
            exactly, roughly = users[one], users[plain(one)]
            self._users[one] = (exactly + roughly).sorted(_is_archived)[:1].id or 0
            either = (
                exactly[:1].partner_id
                + contacts[one][:1]
                + roughly[:1].partner_id
                + contacts[plain(one)][:1]
            )
            # Sorting is stable: of two who are both active, the first one stays so.
            self._partners[one] = either.sorted(_is_archived)[:1].id or 0

    def user(self, address: str) -> int:
        """Return the id of the internal user behind an address; 0 for none."""
        self.look_up([address])
        return self._users.get(address, 0)

    def partner(self, address: str) -> int:
        """Return the id of the contact behind an address; 0 for none."""
        self.look_up([address])
        return self._partners.get(address, 0)

    def belongs(self, address: str, partner) -> None:
        """Take note of a contact that was just made for an address."""
        self._partners[address] = partner.id

    def read(self, partners) -> None:
        """Learn the addresses of these contacts, in a few queries however many they are."""
        partners = partners.filtered(lambda one: one.id not in self._known)
        if not partners:
            return
        own: dict[int, list[str]] = defaultdict(list)
        others: dict[int, list[str]] = defaultdict(list)
        mailboxes = self._env["outlook.account"].search(
            [("user_id.partner_id", "in", partners.ids)]
        )
        for mailbox in mailboxes:
            own[mailbox.user_id.partner_id.id].append(norm_address(mailbox.address))
            others[mailbox.user_id.partner_id.id] += mailbox.aliases or ()
        owners = self._env["res.users"].search(
            [("partner_id", "in", partners.ids), ("share", "=", False)]
        )
        for owner in owners:
            others[owner.partner_id.id].append(norm_address(owner.login))
        for partner in partners:
            # Odoo's normal form: what is typed as an e-mail may be none, or several.
            own[partner.id].append(norm_address(partner.email_normalized or ""))
            invited = [one for one in own[partner.id] if one]
            names = dict.fromkeys([*invited, *others[partner.id]])
            self._known[partner.id] = Known(next(iter(invited), ""), tuple(names))

    def of(self, partner) -> Known:
        """Return the addresses of a contact."""
        if partner.id not in self._known:
            self.read(partner)
        return self._known[partner.id]

    def _find_users(self, names: list[str]) -> Mapping[str, Any]:
        """Return users by address, best first."""
        for model, columns in _READ.items():
            self._env[model].flush_model(columns)
        users = self._env["res.users"]
        found = defaultdict(users.browse)
        for address, user_id in self._env.execute_query(SQL(_USERS, names=names)):
            found[address] |= users.browse(user_id)
        return found

    def _find_contacts(self, names: list[str]) -> Mapping[str, Any]:
        """Return contacts by address, best first."""
        partners = self._env["res.partner"]
        company = self._viewer.company_id

        def rank(partner) -> tuple[bool, bool, bool, int]:
            theirs = partner.company_id
            return not partner.active, theirs != company, bool(theirs), partner.id

        found = defaultdict(partners.browse)
        domain = Domain("email_normalized", "in", names) & self._is_visible()
        for partner in partners.search(domain).sorted(rank):
            found[norm_address(partner.email_normalized)] |= partner
        return found

    def _is_visible(self) -> Domain:
        """Return whom the viewer's companies let him see; as Odoo's own rule for contacts."""
        return (
            Domain("partner_share", "=", False)
            | Domain("company_id", "=", False)
            | Domain("company_id", "parent_of", self._viewer.company_ids.ids)
        )


def plain(address: str) -> str:
    """Return an address without its tag: `bob+news@x.example` reaches `bob@x.example`, too."""
    local, at, domain = address.rpartition("@")
    name = local.partition("+")[0]
    return f"{name}{at}{domain}" if name else address


def learn_alias(account, address: str | None) -> bool:
    """Keep under which address Outlook shows a mailbox's owner; tell whether it is news.

    Personal accounts are shown as outlook_XXXX@outlook.com (seen live). An address that somebody
    else here has is no alias.
    """
    alias = norm_address(address)
    known = {norm_address(account.address), *(account.aliases or ())}
    if not alias or alias in known:
        return False
    holder = Addresses(account.env, account.user_id).user(alias)
    if holder not in (0, account.user_id.id):
        return False
    account.aliases = [*(account.aliases or ()), alias]
    return True


def learn_owner(account, calendars: Iterable[RemoteCalendar]) -> None:
    """Learn the alias of a personal account, before an invitation of its owner is read."""
    if account.tenant_id == PERSONAL:
        for calendar in calendars:
            if calendar.is_default:
                learn_alias(account, calendar.owner)


def _is_archived(record) -> bool:
    return not record.active
