from .local_sites import LocalSite
from .places import Place, Wait
from .running import Invitation, Picture, ProposalMessage
from .schedule import SiteChange, SiteItem

__all__ = [
    "Invitation",
    "LocalSite",
    "Picture",
    "Place",
    "ProposalMessage",
    "SiteChange",
    "SiteItem",
    "Wait",
]
