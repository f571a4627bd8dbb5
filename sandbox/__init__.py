"""A local Microsoft: Entra sign-in and the Graph calendar, strict and stateful.

It is an oracle: it shares no code with the addon. ``python -m sandbox --help`` starts it alone,
``Sandbox`` in process, ``control.Control`` steers a running one.
"""

from .server import Sandbox
from .verbs import ActionRefused

__all__ = ["ActionRefused", "Sandbox"]
