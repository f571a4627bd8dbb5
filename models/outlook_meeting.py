"""A meeting that the sync knows, once per database, whichever mailbox it came from."""

import uuid

from odoo import api, fields, models

MAILERS = [
    ("outlook", "Outlook"),
    ("odoo", "This calendar"),
    ("nobody", "Nobody yet"),
]
STATES = [
    ("new", "New"),
    ("linked", "In step"),
    ("left_alone", "Left alone"),
    ("parked", "Set aside"),
    ("gone", "Gone"),
]


class OutlookMeeting(models.Model):
    """The link between a `calendar.event` and its copies in mailboxes (`outlook.copy`).

    `base` is what each side showed of the organizer's fields when both were last in step
    (`core.engine.codec.dump_base`).
    """

    _name = "outlook.meeting"
    _description = "Meeting known to the Outlook sync"
    _rec_name = "uuid"

    uuid = fields.Char(required=True, readonly=True, default=lambda self: str(uuid.uuid4()))
    ical_uid = fields.Char(
        readonly=True, index="btree_not_null", help="The same in the mailboxes of all attendees"
    )
    fingerprint = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="Who, when and what it is, as Outlook showed or was told last: names it until there is"
        " an iCalUId (bridge/identity.py)",
    )
    fingerprint_number = fields.Integer(readonly=True, help="Among those with equal fingerprints")
    identity = fields.Char(
        compute="_compute_identity", store=True, help="What no other meeting here may be"
    )
    event_id = fields.Many2one("calendar.event", ondelete="set null", readonly=True)
    # A number, not a reference: what a person saves must not touch rows that a round may hold.
    recurrence_ref = fields.Integer(
        readonly=True, help="The series' calendar.recurrence; see bridge/homes.py"
    )
    horizon = fields.Date(
        readonly=True, help="A series without end has its occurrences here up to this day"
    )
    since = fields.Date(
        readonly=True,
        help="A series that began long ago and came from Outlook has its occurrences here from"
        " this day on",
    )
    next_extension = fields.Date(
        readonly=True, help="Before this day its occurrences need not be looked at to add more"
    )
    refused = fields.Json(
        readonly=True,
        help="Occurrences that Outlook does not take, by their original day: why, and what"
        " was refused",
    )
    original_start = fields.Datetime(
        readonly=True, help="Of the one occurrence of a series that is known of it"
    )
    made_here = fields.Boolean(
        readonly=True, help="Not brought in from Outlook: no guest's copy speaks for its organizer"
    )
    organizer = fields.Char(readonly=True, help="Address of the organizer in Outlook")
    # What both sides show is in it, of private meetings, too: administrators do not read that.
    base = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    invited = fields.Json(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Guests in Outlook until it was cancelled there, to be invited again",
    )
    responses = fields.Json(readonly=True, help="Answers that the organizer's copy last showed")
    mailer = fields.Selection(MAILERS, readonly=True)
    state = fields.Selection(STATES, default="new", required=True, readonly=True, index=True)
    reason = fields.Char(readonly=True, help="Why it was set aside or left alone")
    differences = fields.Json(
        readonly=True, help="Fields that differed when both sides were joined"
    )
    title = fields.Char(readonly=True, help="Of a meeting in Outlook that is not brought in")
    asked = fields.Selection(
        [
            ("here", "Equal to another one here that is in Outlook"),
            ("there", "Equal to another one in Outlook that is here"),
        ],
        readonly=True,
        help="Left alone until a person says whether it is the same meeting",
    )
    requested = fields.Boolean(readonly=True, help="A person asked to send it through Outlook")
    join_url = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, help="Of its Teams meeting, as Outlook says"
    )
    teams_asked = fields.Boolean(readonly=True, help="Outlook was asked once to make it online")
    proposals = fields.Json(readonly=True, help="New times that guests proposed, by address")
    copy_ids = fields.One2many("outlook.copy", "meeting_id", string="Copies")

    _uuid_unique = models.UniqueIndex("(uuid)")
    _identity_unique = models.UniqueIndex("(identity) WHERE identity IS NOT NULL")
    _event_unique = models.UniqueIndex("(event_id) WHERE event_id IS NOT NULL")
    _recurrence_unique = models.UniqueIndex("(recurrence_ref) WHERE recurrence_ref > 0")

    @api.depends("ical_uid", "original_start", "fingerprint", "fingerprint_number")
    def _compute_identity(self) -> None:
        for meeting in self:
            uid, start = meeting.ical_uid, meeting.original_start
            if uid:
                meeting.identity = f"{uid} {start:%Y%m%dT%H%M%S}" if start else uid
            elif meeting.fingerprint:
                meeting.identity = f"{meeting.fingerprint} {meeting.fingerprint_number}"
            else:
                meeting.identity = False

    def _is_unmet(self) -> bool:
        """Tell whether no mailbox is known to have it: it may be there all the same."""
        return self.state == "gone" or (self.state == "new" and not self.copy_ids)

    def _organizer_copy(self) -> "models.Model":
        """Return the copy in the organizer's own mailbox, empty where none is known."""
        return self.copy_ids.filtered(lambda copy: copy.role == "organizer")[:1]

    def _tag(self) -> str:
        """Return the mark that the events we make carry in Outlook."""
        return f"{self.env['outlook.account']._this_database()}:{self.uuid}"
