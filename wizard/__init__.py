from . import (
    calendar_popover_delete_wizard,
    outlook_account_preview,
    outlook_account_reset,
    outlook_overview,
    outlook_proposal,
    outlook_send,
)
