"""Exchange: mailboxes, calendars, meetings and the mails between them; knows nothing of HTTP."""
