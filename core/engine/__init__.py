"""What must happen: values, normal forms, time zones and the three-way merge. No Odoo, no I/O."""
