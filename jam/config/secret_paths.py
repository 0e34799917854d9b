"""Addresses that open something for whoever has them are not written into any log.

nginx leaves the same out of its own (deploy/nginx/common.inc.template).
"""

import re
from typing import Any

_SECRET = re.compile(
    r"(/calendar/|/mails/stop/|/judge/|/sites/[0-9]+/in/|/submissions/[0-9]+/join/"
    r"|/accounts/confirm-email/|/accounts/password/reset/key/)"
    r"[^/?&#\s\"'<>]+"
)


def without_secrets(text: str) -> str:
    """`text` with a * in place of what is secret of the addresses in it."""
    return _SECRET.sub(r"\1*", text)


def leave_secrets_out(logger: Any, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """A processor of structlog."""
    return {
        key: without_secrets(value) if isinstance(value, str) else value
        for key, value in line.items()
    }
