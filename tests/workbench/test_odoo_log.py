"""A warning in Odoo's log fails the check unless the list says whose it is and why."""

from __future__ import annotations

from workbench import odoo_log
from workbench.odoo_log import Allowance

LOG = """\
Running as user 'root' is a security risk.
2026-11-22 12:53:25,100 11 INFO db odoo.modules.loading: loading
2026-11-22 12:53:25,200 11 WARNING db odoo.addons.x: something is odd
2026-11-22 12:53:25,300 11 ERROR ? odoo.addons.base.models.assetsbundle: a.js is missing
Traceback (most recent call last):
  File "x.py", line 1, in <module>
FileNotFoundError: a.js
2026-11-22 12:53:25,400 11 INFO db odoo.modules.loading: done
"""
KNOWN = Allowance("odoo.addons.base.models.assetsbundle", r"a\.js", "left out of the package")


def test_a_message_takes_its_traceback_along() -> None:
    """Lines without a head belong to the message before."""
    messages = list(odoo_log.records(LOG))

    assert [m.level for m in messages] == ["INFO", "WARNING", "ERROR", "INFO"]
    assert messages[2].message.endswith("FileNotFoundError: a.js")


def test_only_what_nobody_explained_is_left() -> None:
    """An allowance covers one logger and what its pattern fits, nothing else."""
    assert len(odoo_log.unexplained(LOG, [])) == 2
    assert ["something is odd"] == [r.message for r in odoo_log.unexplained(LOG, [KNOWN])]
    other = Allowance("odoo.addons.x", r"a\.js", "wrong logger")
    assert len(odoo_log.unexplained(LOG, [other])) == 2


def test_every_known_warning_says_why() -> None:
    """The list that ships has a reason on each entry."""
    assert all(known.reason for known in odoo_log.load_allowances())
    assert all(reason for _, reason in odoo_log.load_allowed_skips())
