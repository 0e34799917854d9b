"""The kinds of mails about what was made, and which of them still hold when they go."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jam.models import Message
from jam.parts import MailKind, Part
from submissions import asking, reminding, services
from submissions.services import looking


class TellingPart(Part):
    """What people are told about their drafts and submissions."""

    def look_again(self, message: Message) -> bool:
        return reminding.still_holds(message)

    def mail_kinds(self) -> list[MailKind]:
        asked = _("what became of my submissions, 30 and 90 days after the results")
        return [
            MailKind(reminding.KIND, _("what is still to do before submissions close")),
            MailKind(services.ON_MINE, _("comments on my submissions")),
            MailKind(services.ANSWERS, _("answers to my comments")),
            MailKind(
                looking.KIND,
                _("questions and invitations to teams, and their answers"),
                is_private=True,
            ),
            MailKind(asking.KIND, asked, default=False),
        ]
