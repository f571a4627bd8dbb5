"""What the uninstallation must do that Odoo does not do by itself."""

from odoo.api import Environment


def uninstall(env: Environment) -> None:
    """Remove what was set up at run time: credentials, endpoints, the key's fingerprint.

    Tables, columns, views, crons and rights go with the module. Meetings stay as they are, on both
    sides. The key file in the server's data folder stays too: other databases may share it.
    """
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", "outlook\\_calendar.%")]).unlink()
    menu = env.ref("calendar.calendar_menu_config", raise_if_not_found=False)
    if menu:
        menu.group_ids -= env.ref("base.group_user")
