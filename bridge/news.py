"""Let open calendars know that there is something new to show.

What counts is the number in the database (`outlook.news`), which is part of every status. The
message on the bus only says *look now*: a page that is still loading, or whose connection broke,
misses messages, and finds the number all the same.
"""

LOOK_NOW = "outlook_calendar/changed"

_ONE_MORE = """
    INSERT INTO outlook_news AS news (account_id, user_id, count)
    SELECT %s, unnest(%s), 1
    ON CONFLICT (user_id, account_id) DO UPDATE SET count = news.count + 1
"""


def announce(account, *, readers, owner_waits: bool) -> None:
    """Let the pages of users look, once this transaction has committed.

    `readers` see something else in their calendars now; `owner_waits`: the account's user wants to
    know how it stands although nothing may have changed. Under the account's lease or its reset's
    claim: nobody else counts for the same account.
    """
    env = account.env
    if readers:
        env.cr.execute(_ONE_MORE, (account.id, readers.ids))
    if owner_waits:
        readers |= account.user_id
    for user in readers:
        user._bus_send(LOOK_NOW, {})
