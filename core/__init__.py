"""The pure part of the addon: what must happen (`engine`), what Graph says (`graph`); no Odoo."""
