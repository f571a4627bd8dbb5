"""Entra ID: tenants, apps, the sign-in page and tokens."""
