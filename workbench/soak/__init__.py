"""Random lives of meetings on a real Odoo, a real PostgreSQL and the local Microsoft.

`lives` draws what happens from a seed, `calendars` acts and looks on both sides, `ledger` knows
what must come of it, `play` brings them together: faults, kills, rounds, peace, judgement.
"""
