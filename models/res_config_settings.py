"""The administrator's part, in the settings of the database."""

from copy import deepcopy
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

from ..bridge import sealing, settings, sign_in, wording
from ..core.engine.errors import SyncError
from ..core.graph.transport import is_safe_endpoint

# Odoo's own tick, which would install Odoo's own module: this addon excludes it.
REPLACED_SETTING = "sync_outlook_calendar_setting"
OUR_SETTING = "outlook_calendar_setting"


class ResConfigSettings(models.TransientModel):
    """Settings of Outlook Calendar.

    A field bound to a system parameter with `config_parameter` can be read by everybody, portal
    users included, through `default_get`. The secret is not bound, and its text never reaches the
    table of this model either: what is typed is sealed at once.
    """

    _inherit = "res.config.settings"

    outlook_calendar_enabled = fields.Boolean("Outlook Calendar")
    outlook_calendar_client_id = fields.Char(
        "Client ID",
        config_parameter="outlook_calendar.client_id",
        help="“Application (client) ID” of the app registration in Microsoft Entra.",
    )
    outlook_calendar_client_secret = fields.Char(
        "Client Secret",
        compute="_compute_outlook_calendar_client_secret",
        inverse="_inverse_outlook_calendar_client_secret",
        groups="base.group_system",
        help="The value of a client secret of the app registration. It is kept sealed and never"
        " shown again; leave the field empty to keep the one that is saved.",
    )
    outlook_calendar_sealed_secret = fields.Char(groups=fields.NO_ACCESS)
    outlook_calendar_has_secret = fields.Boolean(compute="_compute_outlook_calendar_has_secret")
    outlook_calendar_tenant = fields.Char(
        "Directory (tenant)",
        config_parameter="outlook_calendar.tenant",
        default=settings.DEFAULT_TENANT,
        help="“common” lets every Microsoft account in; an application for one directory needs its"
        " “Directory (tenant) ID”.",
    )
    outlook_calendar_paused = fields.Boolean(
        "Pause synchronization",
        config_parameter="outlook_calendar.paused",
        help="Nothing is synchronized for anybody until the tick is taken away; what changes"
        " meanwhile is caught up on then.",
    )
    outlook_calendar_unknown_guests = fields.Selection(
        [
            ("contacts", "Become contacts"),
            ("names", "Are kept with the meeting by name"),
        ],
        string="Guests from Outlook who are no contacts here",
        config_parameter="outlook_calendar.unknown_guests",
        default=settings.UNKNOWN_GUESTS[0],
        help="Rooms and distribution lists never become contacts.",
    )
    outlook_calendar_contact_details = fields.Boolean(
        "Send contact details to all guests",
        config_parameter="outlook_calendar.contact_details",
        help="Put the phone number and address of the organizer and the guests into the text of the"
        " invitation. Without the tick they stay in this database.",
    )
    outlook_calendar_untold_hours = fields.Integer(
        "Hours until guests can be invited from here",
        default=settings.NUMBERS["untold_hours"],
        help="When Outlook could not invite the guests of a meeting for so long, the meeting offers"
        " to invite them from here.",
    )
    outlook_calendar_redirect_uri = fields.Char(
        "Redirect URI", compute="_compute_outlook_calendar_redirect_uri"
    )
    outlook_calendar_address_warning = fields.Char(compute="_compute_outlook_calendar_redirect_uri")
    outlook_calendar_key_warning = fields.Char(compute="_compute_outlook_calendar_key_warning")

    @api.model
    def get_values(self) -> dict[str, Any]:
        """Extend it with the tick: unticked differs from never decided, see `settings.switch`.

        And with the hours: a number bound to a parameter could not be nought.
        """
        return {
            **super().get_values(),
            "outlook_calendar_enabled": settings.is_enabled(self.env),
            "outlook_calendar_untold_hours": settings.untold_hours(self.env),
        }

    def set_values(self) -> None:
        """Extend it with what is not bound to a parameter."""
        self._check_outlook_calendar_tenant()
        if self.outlook_calendar_enabled != settings.is_enabled(self.env):
            settings.switch(self.env, enabled=self.outlook_calendar_enabled)
        hours = max(self.outlook_calendar_untold_hours, 0)
        settings.store_number(self.env, "untold_hours", hours)
        sealed = self.sudo().outlook_calendar_sealed_secret
        if sealed:
            settings.store_secret(self.env, sealed)
        return super().set_values()

    def _check_outlook_calendar_tenant(self) -> None:
        name = (self.outlook_calendar_tenant or "").strip()
        if name and not settings.is_tenant(name):
            raise UserError(wording.in_words(self.env, settings.NotConfigured("tenant")))

    def _compute_outlook_calendar_client_secret(self) -> None:
        """Never show a secret, not even the one that was just typed."""
        self.outlook_calendar_client_secret = False

    def _inverse_outlook_calendar_client_secret(self) -> None:
        """Seal what was typed; `set_values` saves it, *Test connection* tries it."""
        for record in self:
            typed = (record.outlook_calendar_client_secret or "").strip()
            if typed:
                record.sudo().outlook_calendar_sealed_secret = record._outlook_calendar_seal(typed)
        self.invalidate_recordset(["outlook_calendar_client_secret"])

    def _outlook_calendar_seal(self, secret: str) -> str:
        try:
            return sealing.seal(self.env, secret)
        except sealing.KeyMissing as error:
            raise UserError(wording.in_words(self.env, error)) from error

    @api.depends("outlook_calendar_sealed_secret")
    def _compute_outlook_calendar_has_secret(self) -> None:
        for record in self:
            record.outlook_calendar_has_secret = bool(
                record.sudo().outlook_calendar_sealed_secret
            ) or settings.has_secret(self.env)

    def _compute_outlook_calendar_redirect_uri(self) -> None:
        self.outlook_calendar_redirect_uri = sign_in.redirect_uri(self.env)
        self.outlook_calendar_address_warning = self._outlook_calendar_address_problem()

    def _compute_outlook_calendar_key_warning(self) -> None:
        try:
            sealing.check_key(self.env)
            self.outlook_calendar_key_warning = False
        except sealing.KeyMissing as error:
            self.outlook_calendar_key_warning = wording.in_words(self.env, error)

    @api.model
    def _outlook_calendar_address_problem(self) -> str | bool:
        """Return what is wrong with `web.base.url`, in words; Microsoft sends people back there."""
        base_url = self.get_base_url() or ""
        if not is_safe_endpoint(base_url):
            return self.env._(
                "The address of this database (system parameter web.base.url) is %s: Microsoft only"
                " leads people back to an https address.",
                base_url,
            )
        in_use = request.httprequest.host_url.rstrip("/") if request else base_url
        if in_use.partition("://")[2] != base_url.rstrip("/").partition("://")[2]:
            return self.env._(
                "You are using this database at %(in_use)s, and its address (system parameter"
                " web.base.url) is %(base_url)s: people who connect will be led there.",
                in_use=in_use,
                base_url=base_url,
            )
        return False

    def action_outlook_calendar_test(self) -> dict[str, Any]:
        """Ask Microsoft whether it accepts what is in the form, and say the answer in words."""
        self.check_access("write")
        self.ensure_one()
        try:
            sign_in.check(self._outlook_calendar_app())
        except SyncError as error:
            return self._outlook_calendar_notify("danger", wording.in_words(self.env, error))
        return self._outlook_calendar_notify(
            "success", self.env._("Microsoft accepts the application and its secret.")
        )

    def _outlook_calendar_app(self) -> settings.App:
        """Return the application as the form describes it, saved or not. Raises SyncError."""
        return settings.make_app(
            self.env,
            client_id=(self.outlook_calendar_client_id or "").strip(),
            sealed_secret=self.sudo().outlook_calendar_sealed_secret or None,
            tenant=(self.outlook_calendar_tenant or "").strip(),
        )

    def _outlook_calendar_notify(self, kind: str, message: str) -> dict[str, Any]:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": self.env._("Outlook Calendar"),
                "message": message,
                "sticky": kind == "danger",
            },
        }

    def action_outlook_calendar_new_key(self) -> dict[str, Any]:
        """Give up what a lost key sealed, so that this server can start with its own."""
        self.check_access("write")
        sealing.forget_key(self.env)
        settings.forget_secret(self.env)
        self.env["outlook.account"]._give_up_sign_ins()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def _get_view(self, view_id: int | None = None, view_type: str = "form", **options: Any) -> Any:
        """Show our setting in the Calendar section too, in the place of Odoo's own.

        A form may show a field twice but a view cannot include a part of another, so it is copied.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        ours = arch.find(f".//setting[@id='{OUR_SETTING}']")
        replaced = arch.find(f".//setting[@id='{REPLACED_SETTING}']")
        if ours is not None and replaced is not None:
            twin = deepcopy(ours)
            twin.set("id", REPLACED_SETTING)
            replaced.getparent().replace(replaced, twin)
        return arch, view
