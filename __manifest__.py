{
    "name": "Outlook Calendar",
    "summary": "Keep the calendar and Outlook in step, in both directions",
    "version": "19.0.1.0.0",
    "category": "Productivity/Calendar",
    "author": "The outlook_calendar authors",
    "license": "LGPL-3",
    "depends": ["calendar"],
    # Two engines that sync one event would fight each other.
    "excludes": ["microsoft_calendar"],
    "external_dependencies": {
        "python": ["cryptography", "msal", "python-dateutil", "pytz", "requests", "tzlocal"],
    },
    "data": [
        "security/ir.model.access.csv",
        "security/outlook_calendar_security.xml",
        "security/outlook_reset_security.xml",
        "data/ir_cron.xml",
        "data/ir_cron_reset.xml",
        "views/calendar_event_views.xml",
        "views/calendar_event_mailer_views.xml",
        "views/calendar_event_organizer_views.xml",
        "views/res_config_settings_views.xml",
        "views/outlook_account_views.xml",
        "views/outlook_account_reset_views.xml",
        "views/outlook_reset_views.xml",
        "views/res_users_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["outlook_calendar/static/src/**/*"],
        "web.assets_tests": ["outlook_calendar/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall",
}
