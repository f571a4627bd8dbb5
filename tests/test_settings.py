"""The settings keep what the administrator enters, and show the secret to nobody."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged, users

from ..bridge import sealing, settings

SECRET = "s3cret~value"


@tagged("standard", "post_install", "-at_install")
class TestSettings(TransactionCase):
    """Everything goes through the same model as the screen."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        new_test_user(cls.env, login="boss", groups="base.group_system")
        new_test_user(cls.env, login="clerk", groups="base.group_user")
        new_test_user(cls.env, login="guest", groups="base.group_portal")

    def configure(self, **values):
        """Fill in the settings and save."""
        values = {
            "outlook_calendar_enabled": True,
            "outlook_calendar_client_id": "11111111-2222-3333-4444-555555555555",
            "outlook_calendar_client_secret": SECRET,
            **values,
        }
        record = self.env["res.config.settings"].sudo().create(values)
        record.execute()
        return record

    @users("boss")
    def test_what_is_saved_makes_an_application(self) -> None:
        """Client id, secret and directory reach the sign-in as they were entered."""
        self.configure(outlook_calendar_tenant=" contoso.onmicrosoft.com ")

        app = settings.load_app(self.env)
        self.assertEqual("11111111-2222-3333-4444-555555555555", app.client_id)
        self.assertEqual(SECRET, app.secret)
        self.assertEqual("contoso.onmicrosoft.com", app.tenant)

    @users("boss")
    def test_the_directory_is_common_where_none_is_named(self) -> None:
        """Without a directory every Microsoft account may sign in."""
        self.configure(outlook_calendar_tenant=False)

        self.assertEqual("common", settings.load_app(self.env).tenant)

    @users("boss")
    def test_a_directory_cannot_change_the_address(self) -> None:
        """The name of the directory is put into a URL: nothing but a name passes."""
        for name in ("../evil", "common/x", "a b", "common?x", "-", "x@evil.example"):
            with self.subTest(name=name), self.assertRaises(UserError):
                self.configure(outlook_calendar_tenant=name)

    @users("boss")
    def test_the_secret_is_never_shown_again(self) -> None:
        """Neither the answer to the save nor any later form holds it."""
        record = self.env["res.config.settings"].create({})
        answer = record.web_save(
            {"outlook_calendar_client_secret": SECRET},
            {"outlook_calendar_client_secret": {}, "outlook_calendar_has_secret": {}},
        )
        record.execute()

        self.assertEqual(False, answer[0]["outlook_calendar_client_secret"])
        self.assertTrue(answer[0]["outlook_calendar_has_secret"])
        fresh = self.env["res.config.settings"].create({})
        self.assertFalse(fresh.outlook_calendar_client_secret)
        self.assertTrue(fresh.outlook_calendar_has_secret)

    @users("boss")
    def test_the_secret_is_sealed_wherever_it_is_stored(self) -> None:
        """Neither the parameters nor the table of the settings hold its text."""
        self.configure()

        self.env.flush_all()
        self.env.cr.execute("SELECT s::text FROM res_config_settings s")
        rows = self.env.cr.fetchall()
        self.env.cr.execute("SELECT value FROM ir_config_parameter")
        rows += self.env.cr.fetchall()
        self.assertNotIn(SECRET, str(rows))

    @users("boss")
    def test_an_empty_secret_keeps_the_saved_one(self) -> None:
        """Saving other settings does not take the secret away."""
        self.configure()
        self.configure(outlook_calendar_client_secret=False, outlook_calendar_paused=True)

        self.assertEqual(SECRET, settings.load_app(self.env).secret)

    @users("clerk", "guest")
    def test_nobody_reads_the_secret_through_the_defaults(self) -> None:
        """`default_get` has no access check: it must know no secret, sealed or not."""
        self.configure()

        fields = list(self.env["res.config.settings"]._fields)
        values = str(self.env["res.config.settings"].default_get(fields))
        self.assertNotIn(SECRET, values)
        self.assertNotIn(self.sealed_secret(), values)

    @users("clerk", "guest")
    def test_only_administrators_reach_settings_and_parameters(self) -> None:
        """Others can neither make a settings record nor read the parameters."""
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].create({"outlook_calendar_client_secret": "x"})
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].get_param("outlook_calendar.client_secret")

    def sealed_secret(self) -> str:
        return self.env["ir.config_parameter"].sudo().get_param("outlook_calendar.client_secret")

    @users("boss")
    def test_unticked_keeps_everything(self) -> None:
        """The tick switches off; what was entered is there when it comes back."""
        self.configure()
        self.configure(outlook_calendar_enabled=False, outlook_calendar_client_secret=False)

        self.assertTrue(settings.is_switched_off(self.env))
        with self.assertRaises(settings.NotConfigured):
            settings.load_app(self.env)
        self.configure(outlook_calendar_client_secret=False)
        self.assertEqual(SECRET, settings.load_app(self.env).secret)

    @users("boss")
    def test_never_decided_is_not_switched_off(self) -> None:
        """In a fresh database the button is there, to lead an administrator to the settings."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.enabled", False)
        self.env["res.config.settings"].create({}).execute()

        self.assertFalse(settings.is_switched_off(self.env))
        self.assertFalse(settings.is_enabled(self.env))

    @users("boss")
    def test_saving_other_settings_changes_nothing_here(self) -> None:
        """The settings form saves all of its fields: ours stay as they were."""
        self.configure(outlook_calendar_paused=True, outlook_calendar_tenant="organizations")
        self.env["res.config.settings"].create({}).execute()

        self.assertTrue(settings.is_enabled(self.env))
        self.assertTrue(settings.is_paused(self.env))
        self.assertEqual("organizations", settings.load_app(self.env).tenant)

    @users("boss")
    def test_what_concerns_guests_is_kept(self) -> None:
        """Unknown guests, contact details and the hours; nought hours is a choice, too."""
        fresh = self.env["res.config.settings"].create({})
        self.assertEqual("contacts", fresh.outlook_calendar_unknown_guests)
        self.assertEqual(settings.NUMBERS["untold_hours"], fresh.outlook_calendar_untold_hours)

        self.configure(
            outlook_calendar_unknown_guests="names",
            outlook_calendar_contact_details=True,
            outlook_calendar_untold_hours=0,
        )
        self.env["res.config.settings"].create({}).execute()
        self.assertEqual("names", settings.unknown_guests(self.env))
        self.assertTrue(settings.sends_contact_details(self.env))
        self.assertEqual(0, settings.untold_hours(self.env))

    @users("boss")
    def test_the_redirect_uri_is_an_address_of_this_database(self) -> None:
        """It is what is to be pasted into Microsoft Entra, without a double slash."""
        self.env["ir.config_parameter"].set_param("web.base.url", "https://erp.example.com/")

        self.assertEqual(
            "https://erp.example.com/microsoft_account/authentication",
            self.env["res.config.settings"].create({}).outlook_calendar_redirect_uri,
        )

    @users("boss")
    def test_an_address_without_https_is_warned_of(self) -> None:
        """Microsoft sends people back to https only; this very machine is excepted."""
        for url, warned in (
            ("http://erp.example.com", True),
            ("https://erp.example.com", False),
            ("http://localhost:8069", False),
            ("http://127.0.0.1:8069", False),
        ):
            with self.subTest(url=url):
                self.env["ir.config_parameter"].set_param("web.base.url", url)
                record = self.env["res.config.settings"].create({})
                self.assertEqual(warned, bool(record.outlook_calendar_address_warning))

    @users("boss")
    def test_endpoints_must_be_safe(self) -> None:
        """Tokens go to https addresses, or to this very machine, and nowhere else."""
        for url, safe in (
            ("https://graph.microsoft.us/", True),
            ("http://127.0.0.1:8443", True),
            ("http://graph.microsoft.com", False),
            ("https://user@evil.example", False),
            ("file:///etc/passwd", False),
        ):
            self.env["ir.config_parameter"].set_param("outlook_calendar.graph_url", url)
            with self.subTest(url=url):
                if safe:
                    self.assertEqual(url.rstrip("/"), settings.graph_url(self.env))
                else:
                    with self.assertRaises(settings.NotConfigured):
                        settings.graph_url(self.env)

    @users("boss")
    def test_the_calendar_section_shows_the_same_setting(self) -> None:
        """Odoo's own tick, which would install Odoo's own module, is gone; ours stands there."""
        arch = self.env["res.config.settings"].get_view(view_type="form")["arch"]

        self.assertNotIn("module_microsoft_calendar", arch)
        self.assertIn('id="outlook_calendar_setting"', arch)
        self.assertIn('id="sync_outlook_calendar_setting"', arch)
        self.assertEqual(2, arch.count('name="outlook_calendar_enabled"'))
        self.assertEqual(2, arch.count('name="action_outlook_calendar_test"'))

    @users("boss")
    def test_a_lost_key_is_said_and_nothing_is_sealed(self) -> None:
        """Without the right key the form warns, and a new secret is refused with the reason."""
        self.configure()
        self.lose_the_key()

        self.assertIn(
            "key", self.env["res.config.settings"].create({}).outlook_calendar_key_warning
        )
        with self.assertRaisesRegex(UserError, "another key"):
            self.configure()

    @users("boss")
    def test_an_administrator_can_start_with_a_new_key(self) -> None:
        """What the lost key sealed is given up: the secret, and every sign-in; all else stays."""
        self.configure()
        account = self.env["outlook.account"].sudo()._for_user(self.env.user)
        account.write({"state": "active", "address": "a@b.example", "token_cache": "sealed"})
        self.lose_the_key()

        self.env["res.config.settings"].create({}).action_outlook_calendar_new_key()

        self.assertEqual(("reconnect", "a@b.example"), (account.state, account.address))
        self.assertFalse(account.token_cache)
        self.assertFalse(settings.has_secret(self.env))
        self.configure()
        self.assertEqual(SECRET, settings.load_app(self.env).secret)

    @users("clerk", "guest")
    def test_the_buttons_are_for_administrators(self) -> None:
        """Whoever may not change settings can neither test them nor give up the key."""
        for button in ("action_outlook_calendar_test", "action_outlook_calendar_new_key"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.env["res.config.settings"], button)()

    def lose_the_key(self) -> None:
        self.env["ir.config_parameter"].sudo().set_param(sealing.FINGERPRINT, "of another key")
