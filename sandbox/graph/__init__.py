"""Microsoft Graph v1.0: the HTTP and OData face of Exchange's calendar."""
