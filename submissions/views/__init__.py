from .drafts import Autosave, Edit, HandIn, Preview, RemoveFile, Start, Upload, Withdraw
from .organizing import Organize
from .reading import Detail, Download, Gallery, Receipt, ReceiptContent
from .teams import Invitation, Leave, RenewInvitation

__all__ = [
    "Autosave",
    "Detail",
    "Download",
    "Edit",
    "Gallery",
    "HandIn",
    "Invitation",
    "Leave",
    "Organize",
    "Preview",
    "Receipt",
    "ReceiptContent",
    "RemoveFile",
    "RenewInvitation",
    "Start",
    "Upload",
    "Withdraw",
]
