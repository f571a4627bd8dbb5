"""A dozen places in the heart of the sync, each broken on purpose, and the tests that must notice.

Plain data. `old` stands once in the file; `tests` are folders or files of the pure layer, or tags
of Odoo's (`:Class.method`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Mutant:
    """One place, broken in one way."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


ENGINE: Final = "tests/pure/engine/"
TABLE: Final = (f"{ENGINE}test_decision_table.py",)

MUTANTS: Final = (
    Mutant(
        "a deletion beats an edit",
        "core/engine/reconcile.py",
        "if base is not None and _is_untouched(base.half(side), present):",
        "if base is not None:",
        TABLE,
    ),
    Mutant(
        "what is still to be sent is recorded as sent",
        "core/engine/reconcile.py",
        "done = (local.keys() & remote.keys()).difference(pending)",
        "done = local.keys() & remote.keys()",
        (f"{ENGINE}test_reconcile.py", f"{ENGINE}test_convergence.py"),
    ),
    Mutant(
        "the other side wins",
        "core/engine/merge.py",
        "if winner is Side.REMOTE:\n        kept, lost = lost, kept",
        "if winner is Side.LOCAL:\n        kept, lost = lost, kept",
        TABLE,
    ),
    Mutant(
        "nobody hears of what lost",
        "core/engine/merge.py",
        "return Merged(Pair(kept, kept), (Overruled(path, shown(kept), shown(lost), winner),))",
        "return Merged(Pair(kept, kept))",
        TABLE,
    ),
    Mutant(
        "exceptions that a new timing dropped are believed deleted",
        "core/engine/timing.py",
        "if now.local and now.remote:\n        return was",
        "if True:\n        return was",
        (f"{ENGINE}test_timing.py", f"{ENGINE}test_series_convergence.py"),
    ),
    Mutant(
        "what was edited before the first look counts as made so",
        "core/engine/creation.py",
        "return shown if equivalent(name, sent, shown) else sent",
        "return shown",
        (f"{ENGINE}test_creation.py",),
    ),
    Mutant(
        "what was written without an answer counts as somebody else's",
        "bridge/incoming.py",
        "base = unseen.own(self._desk, copy, base, local, shown)",
        "pass",
        (":TestUnseenChanges.test_a_change_taken_back_after_a_lost_answer_is_taken_back_there",),
    ),
    Mutant(
        "what was edited over our own write counts as written by us",
        "core/engine/unrecorded.py",
        "now.remote if _is_same(name, sent.remote, now.remote) else sent.remote)",
        "now.remote)",
        (f"{ENGINE}test_unrecorded.py",),
    ),
    Mutant(
        "a write without an answer is repeated at once",
        "core/graph/retry.py",
        "idempotent and isinstance(error, OutcomeUnknown)",
        "isinstance(error, OutcomeUnknown)",
        ("tests/pure/graph/test_retry.py",),
    ),
    Mutant(
        "a write does not mind what it overwrites",
        "core/graph/operations.py",
        'headers = {} if self.change_key is None else {"If-Match": f\'W/"{self.change_key}"\'}\n'
        "        body =",
        "headers: dict[str, str] = {}\n        body =",
        (":TestOutbox.test_a_write_over_an_unseen_edit_is_refused_and_merged",),
    ),
    Mutant(
        "nobody looks for a creation without an answer",
        "bridge/outgoing.py",
        'Domain("account_id", "=", self._account.id) & (unanswered | postponed),',
        'Domain("account_id", "=", self._account.id) & postponed,',
        (
            ":TestFirstSync.test_what_got_no_answer_is_looked_for",
            ":TestFirstSync.test_what_never_arrived_is_sent_again",
        ),
    ),
    Mutant(
        "a creation leaves no trace before it is sent",
        "bridge/outgoing.py",
        "self._desk.keep_base(meeting, copy, Base(local, EMPTY))",
        "pass",
        (":TestUnseenCreations",),
    ),
    Mutant(
        "the outbox is emptied before anything arrived",
        "bridge/outgoing.py",
        "for row in ids if row not in self._plan.kept)",
        "for row in ids)",
        (":TestMailTableTrouble.test_a_change_that_never_arrived_is_one_update",),
    ),
    Mutant(
        "an older state counts as news",
        "bridge/facts.py",
        "modified_at < copy.modified_at)",
        "modified_at > copy.modified_at)",
        (":TestOutbox.test_an_older_state_than_the_one_we_wrote_is_no_change",),
    ),
    Mutant(
        "a round goes on that has lost its mailbox",
        "bridge/session.py",
        "raise LeaseLost\n",
        "pass\n",
        (":TestInterruptions.test_a_round_in_flight_ends_when_the_user_signs_out",),
    ),
    Mutant(
        "deletions are never too many",
        "bridge/settings.py",
        "return deletions > self.count or share",
        "return False",
        (":TestDeletionLimits",),
    ),
    Mutant(
        "this side mails what Outlook mails",
        "bridge/mailing.py",
        "return events.filtered(lambda event: found[event.id].mailer != ODOO)",
        "return events.filtered(lambda event: not found)",
        (":TestMailSilence",),
    ),
)
