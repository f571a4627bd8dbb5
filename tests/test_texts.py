"""What of a meeting's text goes over: docs/sync-rules.md, *Meeting links and texts*."""

from odoo.tests import tagged

from odoo.addons.outlook_calendar.core.engine import codec
from odoo.addons.outlook_calendar.core.engine.reconcile import Base
from odoo.addons.outlook_calendar.core.engine.snapshot import Body, Keyed

from .common import ANN, GUEST, graph_time
from .test_links import LinksCase

RULE = "_" * 80


def html(content):
    """Return a body as Graph takes it."""
    return {"body": {"contentType": "html", "content": content}}


class TextsCase(LinksCase):
    def text(self, name="Meeting"):
        """Return the body as Outlook has it."""
        return self.there(name)["body"]["content"]


@tagged("post_install", "-at_install")
class TestTeamsBlock(TextsCase):
    def online(self, **values):
        """Make a Teams meeting with a text and forget what that took."""
        return self.sent(outlook_teams="always", description="<p>Agenda</p>", **values)

    def test_a_text_edited_here_leaves_the_teams_block_in_outlook(self):
        """As it is there; the meeting stays online."""
        for shape in ("rules", "named", "bare"):
            with self.subTest(shape=shape):
                self.sandbox.options.set(teams_block=shape)
                event = self.online(name=shape)
                self.write(event, self.ann, description="<p>New agenda</p>")
                self.sync(self.ann)
                self.assertIn("New agenda", self.text(shape))
                self.assertOnline(event)
                self.assertEqual(1, self.text(shape).count(f'href="{self.join_url(shape)}"'))
                self.assertStill()

    def test_no_edit_of_anything_names_the_online_meeting(self):
        """Nor the body, unless the text was edited."""
        event = self.online()
        block = self.text()
        self.write(event, self.ann, name="Plan", location="Room 1", show_as="free")
        self.write(event, self.ann, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.assertEqual(block, self.text("Plan"))
        self.assertOnline(event)

    def test_a_text_edited_around_the_block_there_comes_here_without_it(self):
        """Above it and below."""
        event = self.online()
        content = self.text().replace("Agenda", "New agenda")
        self.change_there(**html(content.replace("</body>", "<p>Bring a friend</p></body>")))
        self.assertIn("New agenda", event.description)
        self.assertIn("Bring a friend", event.description)
        self.assertNotIn(RULE, event.description)
        self.assertOnline(event)
        self.assertStill()

    def test_a_conflict_of_texts_keeps_the_block(self):
        """Whoever wins."""
        for winner in ("outlook", "local"):
            with self.subTest(winner=winner):
                self.env["ir.config_parameter"].set_param(
                    "outlook_calendar.conflict_winner", winner
                )
                event = self.online(name=winner)
                content = self.text(winner).replace("Agenda", "Theirs")
                self.sandbox.change_event(ANN, self.there(winner)["id"], html(content))
                self.write(event, self.ann, description="<p>Ours</p>")
                self.sync(self.ann)
                kept = "Theirs" if winner == "outlook" else "Ours"
                self.assertIn(kept, self.text(winner))
                self.assertIn(kept, event.description)
                self.assertOnline(event)

    def test_teams_switched_on_there_a_moment_ago_survives_an_edit_here(self):
        """The body is looked at before it is written, whatever was known of it."""
        event = self.sent(description="<p>Agenda</p>")
        self.sandbox.change_event(
            ANN,
            self.there()["id"],
            {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"},
        )
        self.write(event, self.ann, description="<p>New agenda</p>")
        self.sync(self.ann)
        self.assertIn("New agenda", self.text())
        self.assertOnline(event)

    def test_a_text_of_one_date_of_a_series_keeps_the_block(self):
        """Occurrences have bodies of their own."""
        event = self.make(
            self.ann,
            outlook_teams="always",
            description="<p>Agenda</p>",
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=3,
        )
        self.sync(self.ann)
        row = event.recurrence_id.calendar_event_ids.sorted("start")[1]
        self.write(row, self.ann, description="<p>Guests today</p>")
        self.sync(self.ann)
        dates = graph_time(self.soon(6))["dateTime"], graph_time(self.soon(11))["dateTime"]
        texts = [one["body"]["content"] for one in self.sandbox.view(ANN, *dates)]
        self.assertEqual([False, True, False], ["Guests today" in text for text in texts])
        self.assertTrue(all(self.join_url() in text for text in texts))

    def test_the_block_in_a_base_of_an_older_version_causes_no_write_there(self):
        """It was part of the text then: it leaves the description, and nobody is mailed."""
        event = self.online(partner_ids=[(4, self.guest.id)])
        whole = self.text()
        event.with_context(**self.quiet()).write({"description": whole})
        remember_body(self.meeting(event), here=event.description, there=whole)
        self.env["outlook.outbox"].search([]).unlink()
        self.account(self.ann).calendar_ids.write({"delta_link": False})
        self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertNotIn(RULE, event.description)
        self.assertIn("Agenda", event.description)

    @staticmethod
    def quiet():
        return {"dont_notify": True, "no_mail_to_attendees": True}


@tagged("post_install", "-at_install")
class TestContactDetails(TextsCase):
    def invited(self, **values):
        """Make a meeting with a guest, under whose text Odoo writes who is who."""
        self.guest.phone = "+32 2 555 01 02"
        event = self.sent(partner_ids=[(4, self.guest.id)], user_id=self.ann.id, **values)
        self.assertIn(f"mailto:{GUEST}", event.description)
        return event

    def test_contact_details_stay_here(self):
        """The text goes, the organizer's and the guest's address and telephone do not."""
        event = self.invited(description="<p>Agenda</p>")
        self.assertIn("Agenda", self.text())
        self.assertNotIn("mailto:", self.text())
        self.assertNotIn("555", self.text())
        self.assertNotIn("Organized by", self.text())
        self.assertIn("555", event.description)
        self.assertStill()

    def test_contact_details_alone_are_no_text(self):
        """Outlook's body is empty."""
        self.invited()
        self.assertEqual("", self.there()["bodyPreview"])

    def test_contact_details_go_where_the_setting_says_so(self):
        """To all guests."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.contact_details", "True")
        self.invited(description="<p>Agenda</p>")
        self.assertIn(f"mailto:{GUEST}", self.text())
        self.assertStill()

    def test_another_setting_mails_nobody_about_what_is_there(self):
        """Each text goes as it went until somebody edits it."""
        event = self.invited(description="<p>Agenda</p>")
        for value in ("True", "False"):
            self.env["ir.config_parameter"].set_param("outlook_calendar.contact_details", value)
            self.write(event, self.ann, name=f"Plan {value}")
            self.sync(self.ann)
            self.assertNotIn("mailto:", self.text(f"Plan {value}"))
        self.env["ir.config_parameter"].set_param("outlook_calendar.contact_details", "True")
        self.write(event, self.ann, description=event.description.replace("Agenda", "New"))
        self.sync(self.ann)
        self.assertIn("mailto:", self.text("Plan False"))

    def test_a_text_edited_there_keeps_the_details_here(self):
        """Below the new text, once; it is not sent back with them."""
        event = self.invited(description="<p>Agenda</p>")
        self.change_there(**html(self.text().replace("Agenda", "New agenda")))
        self.assertIn("New agenda", event.description)
        self.assertEqual(1, event.description.count(f"mailto:{GUEST}"))
        self.assertEqual(1, event.description.count("Organized by"))
        self.assertEqual([], self.written())
        self.assertStill()

    def test_a_text_edited_around_the_details_goes(self):
        """Above and below them: only the details stay here."""
        event = self.invited(description="<p>Agenda</p>")
        text = event.description.replace("Agenda", "New agenda") + "<p>Bring a friend</p>"
        self.write(event, self.ann, description=text)
        self.sync(self.ann)
        self.assertIn("New agenda", self.text())
        self.assertIn("Bring a friend", self.text())
        self.assertNotIn("mailto:", self.text())
        self.assertStill()

    def test_a_new_telephone_in_the_details_is_no_edit(self):
        """Nobody is mailed about what does not go."""
        event = self.invited(description="<p>Agenda</p>")
        self.write(event, self.ann, description=event.description.replace("555 01", "555 77"))
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_details_are_known_in_the_languages_that_are_installed(self):
        """They are written in the language of whoever makes the meeting."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["calendar"], ["fr_FR"])
        self.ann.lang = "fr_FR"
        event = self.make(
            self.ann.with_context(lang="fr_FR"),
            partner_ids=[(4, self.guest.id)],
            description="<p>Agenda</p>",
            user_id=self.ann.id,
        )
        self.sync(self.ann)
        self.assertIn(f"mailto:{GUEST}", event.description)
        self.assertNotIn("mailto:", self.text())

    def test_what_a_person_writes_about_people_goes(self):
        """Only Odoo's own form is Odoo's: a heading of its words, and linked addresses below."""
        for number, text in enumerate(
            (
                f'<p><b>Speakers</b><br>Guest<br><a href="mailto:{GUEST}">{GUEST}</a></p>',
                f'<p>Contact Details<br><a href="mailto:{GUEST}">{GUEST}</a></p>',
                "<p><b>Organized by</b><br>the sales team</p>",
                f'<p><b>Contact Details</b><br>Ask <a href="mailto:{GUEST}">us</a></p>',
            )
        ):
            with self.subTest(text=text):
                name = f"Talk {number}"
                self.sent(name, description=text)
                self.assertEqual(Body.of(text), Body.of(self.text(name).split("</body>")[0]))

    def test_details_that_an_older_version_sent_cause_no_write(self):
        """They stay in Outlook until somebody edits the text, and nobody is mailed before."""
        event = self.invited(description="<p>Agenda</p>")
        self.sandbox.change_event(ANN, self.there()["id"], html(event.description))
        remember_body(self.meeting(event), here=event.description, there=event.description)
        self.told()
        self.write(event, self.ann, name="Plan", location="Room 1")
        self.sync(self.ann)
        self.assertIn("mailto:", self.text("Plan"))
        self.write(event, self.ann, description=event.description.replace("Agenda", "New"))
        self.sync(self.ann)
        self.assertNotIn("mailto:", self.text("Plan"))
        self.assertIn("mailto:", event.description)


def remember_body(meeting, *, here, there):
    """Let the base of a meeting have these bodies whole, as versions before wrote it."""
    base = codec.load_base(meeting.base)
    meeting.base = codec.dump_base(
        Base(
            Keyed({**base.local, "body": Body.of(here)}),
            Keyed({**base.remote, "body": Body.of(there)}),
        )
    )
