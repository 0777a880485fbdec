"""What MkDocs does to pages beside its plugins."""

from __future__ import annotations

import re

_ROLE = re.compile(r":(?:class|func|meth|mod):(?=<code>)")


def on_page_content(html: str, **_: object) -> str:
    """Leave out Sphinx's roles, which docstrings have and Markdown does not know."""
    return _ROLE.sub("", html)
