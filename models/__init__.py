from . import (
    calendar_alarm_manager,
    calendar_attendee,
    calendar_event,
    calendar_event_links,
    calendar_event_mailer,
    calendar_event_organizer,
    calendar_event_parked,
    calendar_event_people,
    calendar_event_proposals,
    calendar_event_send,
    calendar_recurrence,
    ir_http,
    outlook_account,
    outlook_calendar,
    outlook_copy,
    outlook_meeting,
    outlook_news,
    outlook_outbox,
    outlook_sign_in,
    outlook_sync_change,
    outlook_sync_run,
)

# These extend what the models above say of an account, so they come after them.
# isort: split
from . import (
    outlook_account_preview,
    outlook_account_reset,
    outlook_doubles,
    outlook_meeting_links,
    outlook_meeting_parked,
    outlook_parked,
    outlook_reset,
    outlook_teams,
    res_config_settings,
    res_users,
)
