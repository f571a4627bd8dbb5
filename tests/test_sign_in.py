"""People connect their mailbox at Microsoft and come back, whatever happens there."""

import logging
from urllib.parse import parse_qs, urlsplit

from odoo.http import _generate_routing_rules
from odoo.tests import tagged

from ..bridge.sign_in import RETURN_PATH
from ..controllers.oauth import HideAnswers, is_foreign
from .http_case import ANNA, BRAM, CLIENT_ID, SECRET, OutlookHttpCase


@tagged("standard", "post_install", "-at_install")
class TestSignIn(OutlookHttpCase):
    """The whole redirect over HTTP, with the sandbox's sign-in page in between."""

    def test_accepted(self) -> None:
        """A person who accepts is connected to the mailbox he chose, and told so."""
        answer = self.sign_in("anna", ANNA)

        account = self.account("anna")
        self.assertEqual("active", account.state)
        self.assertEqual(ANNA, account.address)
        self.assertTrue(account.since)
        self.assertEqual(303, answer.status_code)
        self.assertEqual("/odoo/calendar", urlsplit(answer.headers["Location"]).path)
        notice = self.notice()
        self.assertEqual("success", notice["kind"])
        self.assertIn(ANNA, notice["message"])

    def test_tokens_are_sealed(self) -> None:
        """The table of accounts holds nothing that Microsoft gave."""
        self.sign_in("anna", ANNA)

        self.env.cr.execute("SELECT account::text FROM outlook_account account")
        row = str(self.env.cr.fetchall())
        for word in ("AccessToken", "refresh_token", "RefreshToken", "secret"):
            self.assertNotIn(word, row)

    def test_the_page_asks_which_account(self) -> None:
        """The address has account choice, PKCE, state and nonce, and comes back by GET."""
        self.authenticate("anna", "anna")
        query = parse_qs(urlsplit(self.sync()["url"]).query)

        self.assertEqual(["select_account"], query["prompt"])
        self.assertEqual(["S256"], query["code_challenge_method"])
        self.assertEqual([self.base_url() + RETURN_PATH], query["redirect_uri"])
        self.assertTrue(query["state"] and query["nonce"])
        self.assertNotEqual(["form_post"], query.get("response_mode"))

    def test_cancelled(self) -> None:
        """A person who cancels comes back and reads that nothing was connected."""
        self.sign_in("anna", ANNA, "cancel", return_path="/odoo/calendar?x=1")

        self.assertEqual("info", (notice := self.notice())["kind"])
        self.assertIn("cancelled", notice["message"])
        self.assertNotEqual("active", self.account("anna").state)

    def test_coming_back_to_where_it_began(self) -> None:
        """The path that was passed is kept; an address elsewhere is not."""
        for path, expected in (
            ("/odoo/calendar?view_type=list", "/odoo/calendar?view_type=list"),
            ("https://evil.example/x", "/odoo/calendar"),
            ("//evil.example/x", "/odoo/calendar"),
        ):
            with self.subTest(path=path):
                answer = self.sign_in("anna", ANNA, "cancel", return_path=path)
                location = urlsplit(answer.headers["Location"])
                self.assertIn(location.netloc, ("", urlsplit(self.base_url()).netloc))
                self.assertEqual(expected, answer.headers["Location"].removeprefix(self.base_url()))

    def test_an_answer_is_taken_once(self) -> None:
        """Opening the return address again connects nothing, and says so."""
        self.authenticate("anna", "anna")
        answer = self.decide(self.sync()["url"], ANNA)
        self.opener.get(answer.headers["Location"], allow_redirects=False)
        self.notice()
        self.account("anna").action_disconnect()
        self.env.flush_all()

        self.opener.get(answer.headers["Location"], allow_redirects=False)

        self.assertEqual("warning", self.notice()["kind"])
        self.assertEqual("new", self.account("anna").state)

    def test_an_answer_is_for_the_session_that_asked(self) -> None:
        """A link with somebody else's answer connects nobody (login by forged request)."""
        self.authenticate("bram", "bram")
        answer = self.decide(self.sync()["url"], BRAM)
        self.authenticate("anna", "anna")

        self.opener.get(answer.headers["Location"], allow_redirects=False)

        self.assertFalse(self.account("anna"))
        self.assertFalse(self.account("bram").token_cache)

    def test_without_a_session_nothing_is_connected(self) -> None:
        """Who is not logged in is led to the calendar, which asks to log in; the code is gone."""
        answer = self.url_open(f"{RETURN_PATH}?code=abc&state=xyz", allow_redirects=False)

        self.assertEqual("/odoo/calendar", urlsplit(answer.headers["Location"]).path)
        self.assertNotIn("abc", answer.headers["Location"])

    def test_portal_users_are_refused(self) -> None:
        """Portal users can neither start nor finish a sign-in."""
        self.authenticate("guest", "guest")

        answer = self.url_open(f"{RETURN_PATH}?code=abc&state=xyz", allow_redirects=False)
        self.assertEqual(403, answer.status_code)

    def test_a_mailbox_has_one_user(self) -> None:
        """Connecting a mailbox that a colleague connected is refused, and the colleague named."""
        self.sign_in("anna", ANNA)
        self.sign_in("bram", ANNA)

        self.assertIn("another user", self.notice()["message"])
        self.assertFalse(self.account("bram").token_cache)
        self.assertEqual("active", self.account("anna").state)

    def test_signing_in_again_renews_the_connection(self) -> None:
        """After *reconnect* the same account goes on, from the moment it was first connected."""
        self.sign_in("anna", ANNA)
        account = self.account("anna")
        since = account.since
        account.state = "reconnect"
        self.env.flush_all()
        self.authenticate("anna", "anna")
        status = self.sync()

        self.assertEqual("reconnect", status["state"])
        self.assertEqual([ANNA], parse_qs(urlsplit(status["url"]).query)["login_hint"])
        answer = self.decide(status["url"], ANNA)
        self.opener.get(answer.headers["Location"], allow_redirects=False)
        self.assertEqual(("active", since), (account.state, self.account("anna").since))

    def test_a_wrong_secret_is_said_in_words(self) -> None:
        """What the administrator must put right is told to the person who comes back."""
        self.authenticate("anna", "anna")
        url = self.sync()["url"]
        self.sandbox.state.directory.apps[CLIENT_ID].secret_expired = True
        answer = self.decide(url, ANNA)
        self.opener.get(answer.headers["Location"], allow_redirects=False)

        notice = self.notice()
        self.assertEqual("danger", notice["kind"])
        self.assertIn("expired", notice["message"])
        self.assertIn("AADSTS7000222", notice["message"])

    def test_microsoft_out_of_reach_is_said_in_words(self) -> None:
        """Without Microsoft there is no address to go to, and a reason."""
        self.sandbox.faults.server_error(503, times=None)
        self.authenticate("anna", "anna")
        status = self.sync()
        self.sandbox.faults.clear()

        self.assertEqual(("connect", False), (status["state"], status["url"]))
        self.assertTrue(status["message"])

    def test_no_log_holds_a_code_or_a_token(self) -> None:
        """From the access log to the libraries: no code, no state, no token, no secret."""
        with (
            self.assertLogs("werkzeug", level=logging.INFO) as access,
            self.assertLogs("odoo", level=logging.DEBUG) as own,
        ):
            self.authenticate("anna", "anna")
            answer = self.decide(self.sync()["url"], ANNA)
            query = parse_qs(urlsplit(answer.headers["Location"]).query)
            self.opener.get(answer.headers["Location"], allow_redirects=False)

        text = "\n".join(access.output + own.output)
        self.assertIn(f"GET {RETURN_PATH} ", text)
        for hidden in (query["code"][0], query["state"][0], SECRET, "eyJ"):
            self.assertNotIn(hidden, text)


@tagged("standard", "post_install", "-at_install")
class TestConnectionTest(OutlookHttpCase):
    """*Test connection* says in words what Microsoft does not accept."""

    def try_out(self, **values):
        """Press the button with these values in the form."""
        record = self.env["res.config.settings"].create(values)
        return record.action_outlook_calendar_test()["params"]

    def test_all_is_well(self) -> None:
        """What is saved and right is accepted."""
        self.assertEqual("success", self.try_out()["type"])

    def test_what_is_typed_is_tried_before_it_is_saved(self) -> None:
        """The form counts, not what was saved before."""
        self.assertEqual("danger", self.try_out(outlook_calendar_client_secret="no")["type"])
        self.assertEqual("success", self.try_out()["type"])

    def test_what_is_wrong_is_named(self) -> None:
        """Each mistake has a sentence of its own, with Microsoft's code."""
        for values, code, word in (
            ({"outlook_calendar_client_id": "nobody"}, "AADSTS700016", "Client ID"),
            ({"outlook_calendar_client_secret": "no"}, "AADSTS7000215", "Secret is wrong"),
            ({"outlook_calendar_tenant": "nowhere.example"}, "AADSTS90002", "directory"),
        ):
            with self.subTest(code=code):
                said = self.try_out(**values)
                self.assertEqual("danger", said["type"])
                self.assertIn(word, said["message"])
                self.assertIn(code, said["message"])

    def test_an_expired_secret_is_named(self) -> None:
        """An expired secret differs from a wrong one: nobody needs to sign in again."""
        self.sandbox.state.directory.apps[CLIENT_ID].secret_expired = True

        self.assertIn("AADSTS7000222", self.try_out()["message"])

    def test_an_empty_form_asks_nobody(self) -> None:
        """Without a client id there is nothing to ask Microsoft."""
        said = self.try_out(outlook_calendar_client_id=False)

        self.assertIn("Client ID is missing", said["message"])
        self.assertFalse(self.sandbox.requests)


@tagged("standard", "post_install", "-at_install")
class TestReturnAddress(OutlookHttpCase):
    """The return address is shared with `microsoft_account`, where a database has it."""

    def test_whose_answer_it_is(self) -> None:
        """`microsoft_account` writes a JSON object into `state`; ours is a random word."""
        self.assertTrue(is_foreign({"state": '{"d": "db", "s": "calendar", "f": "/odoo"}'}))
        self.assertFalse(is_foreign({"state": "kXhZqWnBvT"}))
        self.assertFalse(is_foreign({"state": "123"}))

    def test_with_the_other_module_both_get_their_own(self) -> None:
        """The first rule for the address is the one that passes on what is not ours."""
        modules = ["base", "microsoft_account", "outlook_calendar", "web"]
        rules = [
            (url, endpoint)
            for url, endpoint in _generate_routing_rules(modules, nodb_only=False)
            if url == RETURN_PATH
        ]
        names = [type(endpoint.func.__self__).__name__ for _url, endpoint in rules]

        self.assertEqual("MicrosoftAuth (extended by SharedReturn)", names[0])

    def test_without_the_other_module_the_address_is_ours(self) -> None:
        """A database that lacks `microsoft_account` has our rule alone."""
        modules = ["base", "outlook_calendar", "web"]
        rules = [
            endpoint
            for url, endpoint in _generate_routing_rules(modules, nodb_only=False)
            if url == RETURN_PATH
        ]

        self.assertEqual(["OutlookSignIn"], [type(e.func.__self__).__name__ for e in rules])

    def test_the_filter_leaves_other_lines_alone(self) -> None:
        """Only the query of the return address is cut."""
        kept = logging.makeLogRecord({"msg": "%s", "args": ("GET /web?debug=1 HTTP/1.1",)})
        cut = logging.makeLogRecord({"msg": "%s", "args": (f"GET {RETURN_PATH}?code=x HTTP/1.1",)})

        self.assertTrue(HideAnswers().filter(kept) and HideAnswers().filter(cut))
        self.assertEqual("GET /web?debug=1 HTTP/1.1", kept.getMessage())
        self.assertEqual(f"GET {RETURN_PATH} HTTP/1.1", cut.getMessage())
