"""What Microsoft Graph says and is told: HTTP, JSON, sign-in. Decides nothing about meetings."""
