"""What of local sites belongs to a person, for when two accounts are merged."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jam.belongings import BOTH, DEEDS
from jam.trust import Moves
from sites.models import Invitation, LocalSite, Place, ProposalMessage

BELONGINGS = [
    Moves(LocalSite.organizers.through, "user", _("Local sites that they organize"), BOTH),
    Moves(Invitation, "user", _("Invitations to organize a local site"), BOTH),
    Moves(Invitation, "by", DEEDS),
    Moves(ProposalMessage, "author", DEEDS),
    Moves(Place, "checked_in_by", DEEDS),
]
