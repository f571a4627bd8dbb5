"""A sign-in is taken once, in time, by the user who started it, and leads back to this site."""

from odoo.tests import BaseCase, tagged

from ..bridge import pending

NOW = 1_700_000_000.0
FLOW = {"state": "abc", "auth_uri": "https://login.example/authorize"}


@tagged("standard", "post_install", "-at_install")
class TestPending(BaseCase):
    """A web session is a mapping here: its content is all that matters."""

    def setUp(self) -> None:
        super().setUp()
        self.session: dict = {}

    def remember(self, state: str = "abc", *, return_path: str | None = None, now: float = NOW):
        pending.remember(
            self.session, {**FLOW, "state": state}, uid=7, return_path=return_path, now=now
        )

    def test_a_sign_in_is_taken_once(self) -> None:
        """The second answer with the same state finds nothing."""
        self.remember()

        self.assertEqual(FLOW, pending.take(self.session, "abc", uid=7, now=NOW)["flow"])
        self.assertIsNone(pending.take(self.session, "abc", uid=7, now=NOW))

    def test_another_user_does_not_get_it(self) -> None:
        """A session that changed hands does not connect the mailbox; the sign-in is gone."""
        self.remember()

        self.assertIsNone(pending.take(self.session, "abc", uid=8, now=NOW))
        self.assertIsNone(pending.take(self.session, "abc", uid=7, now=NOW))

    def test_it_lasts_ten_minutes(self) -> None:
        """An answer is good up to ten minutes after the start."""
        self.remember("early")
        self.remember("late", now=NOW + 2)

        self.assertIsNone(pending.take(self.session, "early", uid=7, now=NOW + 600))
        self.assertTrue(pending.take(self.session, "late", uid=7, now=NOW + 600))

    def test_an_unknown_state_finds_nothing(self) -> None:
        """Answers to sign-ins that nobody started here are worthless."""
        self.assertIsNone(pending.take(self.session, "", uid=7, now=NOW))

    def test_only_the_last_ones_are_kept(self) -> None:
        """Clicking on and on does not fill the session."""
        for number in range(9):
            self.remember(str(number), now=NOW + number)

        self.assertEqual(list("45678"), sorted(self.session[pending.SIGN_INS]))

    def test_the_return_stays_on_this_site_and_database(self) -> None:
        """Whatever could lead elsewhere leads to the calendar."""
        for path in (
            None,
            "",
            "odoo/calendar",
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "/web?db=other",
        ):
            with self.subTest(path=path):
                self.assertEqual("/odoo/calendar", pending.local_path(path))

    def test_a_path_of_this_site_is_kept(self) -> None:
        """People come back to where they were, with the view they had."""
        path = "/odoo/calendar?debug=1#scale=month"

        self.assertEqual(path, pending.local_path(path))

    def test_a_notice_is_told_once(self) -> None:
        """Reloading the page does not repeat it."""
        pending.leave_notice(self.session, kind="info", message="Cancelled")

        self.assertEqual("Cancelled", pending.take_notice(self.session)["message"])
        self.assertIsNone(pending.take_notice(self.session))
