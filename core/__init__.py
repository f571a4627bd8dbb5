"""The pure part of the addon: what must happen (`engine`) and what Graph says (`graph`). No Odoo here."""
