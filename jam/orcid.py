"""ORCID iDs: sixteen characters, the last of them a check (ISO 7064, MOD 11-2)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def check_digit(digits: str) -> str:
    """The character that fits after the first fifteen digits, by ISO 7064, MOD 11-2."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    value = (12 - total % 11) % 11
    return "X" if value == 10 else str(value)


def plain(text: str) -> str:
    """An iD as it is written, from an address, without hyphens or with: in groups of four. What
    is none comes back as it was."""
    found = re.fullmatch(
        r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dx])/?",
        text.strip(),
        re.ASCII | re.IGNORECASE,
    )
    return "-".join(found.groups()).upper() if found else text.strip()


def validate(orcid: str) -> None:
    """Refuse what is no iD, or has a digit that was mistyped."""
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", orcid, re.ASCII):
        raise ValidationError(_("An ORCID iD looks like 0000-0002-1825-0097."))
    digits = orcid.replace("-", "")
    if check_digit(digits[:15]) != digits[15]:
        raise ValidationError(_("This ORCID iD has a wrong digit: its last one does not fit."))
