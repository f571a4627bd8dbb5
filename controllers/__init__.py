import importlib.util

from . import health, oauth, sync

# Not a dependency: Odoo's module shares our return address where it is there.
if importlib.util.find_spec("odoo.addons.microsoft_account"):
    from . import microsoft_account
