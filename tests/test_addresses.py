"""Whose an address is: always the same one. docs/sync-rules.md, *Who owns what*."""

from itertools import permutations

from odoo.tests import TransactionCase, new_test_user, tagged

from ..bridge.addresses import learn_alias
from ..bridge.people import People
from ..core.engine.snapshot import Person

SHARED = "eve@contoso.example"


@tagged("post_install", "-at_install")
class TestAddresses(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "ann-addresses", email="ann@contoso.example")
        cls.other_company = cls.env["res.company"].create({"name": "Other"})

    def found(self, address, viewer=None):
        """Return the contact of an address, as a round finds him."""
        people = People(self.env, viewer or self.ann)
        return people.partner(Person("required", address=address), create=False)

    def contact(self, name, **values):
        return self.env["res.partner"].create({"name": name, "email": SHARED, **values})

    def user(self, login, email=SHARED):
        return new_test_user(self.env, login, email=email)

    def test_of_several_contacts_the_same_one_is_meant_in_any_order_of_creation(self):
        """The company's, then the oldest shared one; whoever is archived or hidden is nobody."""
        kinds = {
            "company": {"company_id": self.ann.company_id.id},
            "shared": {},
            "archived": {"company_id": self.ann.company_id.id, "active": False},
            "hidden": {"company_id": self.other_company.id},
        }
        for order in permutations(kinds):
            with self.subTest(order=order), self.env.cr.savepoint() as savepoint:
                made = {kind: self.contact(kind, **kinds[kind]) for kind in order}
                for kind in ("company", "shared", "archived"):
                    self.assertEqual(made[kind], self.found(SHARED))
                    made[kind].email = False
                self.assertFalse(self.found(SHARED))
                savepoint.rollback()

    def test_a_user_comes_before_contacts_whoever_was_made_first(self):
        """The contact of a user with that e-mail, however old the other contacts are."""
        self.contact("Company", company_id=self.ann.company_id.id)
        user = self.user("eve-addresses")
        self.contact("Shared")

        self.assertEqual(user.partner_id, self.found(SHARED.upper()))

    def test_a_mailbox_comes_before_a_user_with_that_email(self):
        """Who connected the mailbox is meant, also by its alias."""
        self.user("eve-addresses")
        holder = self.user("holder-addresses", "holder@contoso.example")
        account = self.env["outlook.account"].create({"user_id": holder.id, "address": SHARED})
        self.assertEqual(holder.partner_id, self.found(SHARED))
        account.address = "holder@contoso.example"
        account.aliases = [SHARED]

        self.assertEqual(holder.partner_id, self.found(SHARED))

    def test_each_company_has_its_own_contact(self):
        """Of two users of two companies each means the contact of his own."""
        bert = self.user("bert-addresses", "bert@other.example")
        bert.write(
            {"company_ids": [(6, 0, self.other_company.ids)]}
            | {"company_id": self.other_company.id}
        )
        theirs = self.contact("Theirs", company_id=self.other_company.id)
        ours = self.contact("Ours", company_id=self.ann.company_id.id)

        self.assertEqual((ours, theirs), (self.found(SHARED), self.found(SHARED, bert)))

    def test_a_plus_address_means_the_plain_one_where_nobody_has_it(self):
        """Who has the very address comes first, archived ones excepted."""
        plain = self.contact("Plain")
        self.assertEqual(plain, self.found("eve+news@contoso.example"))
        exact = self.contact("Exact", email="eve+news@contoso.example")
        self.assertEqual(exact, self.found("eve+news@contoso.example"))
        exact.active = False

        self.assertEqual(plain, self.found("eve+news@contoso.example"))
        self.assertFalse(self.found("+news@contoso.example"))

    def test_an_address_that_somebody_else_has_is_no_alias(self):
        """A calendar that is shown under a colleague's address makes him nobody else."""
        account = self.env["outlook.account"].create(
            {"user_id": self.ann.id, "address": "ann@contoso.example"}
        )
        self.user("eve-addresses")
        self.assertFalse(learn_alias(account, SHARED))
        self.assertFalse(learn_alias(account, "Ann@Contoso.Example"))
        self.assertTrue(learn_alias(account, "outlook_1A@outlook.com"))

        self.assertEqual(["outlook_1a@outlook.com"], account.aliases)

    def test_many_addresses_take_a_few_queries(self):
        """However many they are, for contacts and for their addresses."""
        contacts = self.env["res.partner"].create(
            [{"name": f"{n}", "email": f"guest{n}@x.example"} for n in range(500)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        people = People(self.env, self.ann)
        with self.assertQueryCount(20):
            people.prefetch([f"guest{n}@x.example" for n in range(500)])
            for number, contact in enumerate(contacts):
                self.assertEqual(contact, self.found_in(people, f"guest{number}@x.example"))
                self.assertEqual(contact, people.meant(f"guest{number}+a@x.example", contacts))

    @staticmethod
    def found_in(people, address):
        return people.partner(Person("required", address=address), create=False)
