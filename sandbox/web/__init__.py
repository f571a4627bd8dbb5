"""The page that shows a mailbox as a person sees it in Outlook."""

from .app import create_web_app

__all__ = ["create_web_app"]
