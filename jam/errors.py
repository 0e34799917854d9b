"""What a service raises when it will not do what it was asked."""

from __future__ import annotations

from django.db.models import TextChoices


class Refused(Exception):
    """An act that is not allowed; `refusal` is the named reason, with a label for people."""

    def __init__(self, refusal: TextChoices):
        super().__init__(refusal.value)
        self.refusal = refusal

    @property
    def label(self) -> str:
        return str(self.refusal.label)


def refuse(refusal: TextChoices | None) -> None:
    """Raise `Refused` if there is a refusal."""
    if refusal is not None:
        raise Refused(refusal)
