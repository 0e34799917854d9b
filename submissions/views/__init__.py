from .certificates import CertificatePage, CertificatePdf, Certificates
from .citing import Cite, LinkPicture
from .claims import TakeUp
from .discussion import (
    DeleteComment,
    Discussion,
    EditComment,
    HideComment,
    ReportComment,
    Thread,
)
from .documents import Picture, Read, Search
from .drafts import Autosave, Edit, HandIn, Preview, Start, Withdraw
from .looking import Asks, Board, CardPage, OwnCard, ReportCard, TeamCard
from .more_time import AskTime
from .organizing import Organize
from .origins import Continued, Origins
from .reading import Detail, Download, Gallery, Receipt
from .readme import Readme
from .records import AddLater, Changes, Checksums, Record, RecordContent
from .setting_up import QuestionsPage, RulesPage, TracksPage
from .teams import Invitation, Leave, RenewInvitation
from .uploads import AddFiles, BeginUpload, GiveUpUpload, Pieces, RemoveFile, StripFile

__all__ = [
    "AskTime",
    "QuestionsPage",
    "RulesPage",
    "TracksPage",
    "TakeUp",
    "AddFiles",
    "AddLater",
    "Autosave",
    "BeginUpload",
    "CertificatePage",
    "CertificatePdf",
    "Certificates",
    "Changes",
    "Checksums",
    "Cite",
    "Continued",
    "DeleteComment",
    "Discussion",
    "EditComment",
    "HideComment",
    "ReportComment",
    "Thread",
    "Asks",
    "Board",
    "CardPage",
    "OwnCard",
    "ReportCard",
    "TeamCard",
    "Detail",
    "Download",
    "Edit",
    "Gallery",
    "GiveUpUpload",
    "HandIn",
    "Invitation",
    "Leave",
    "LinkPicture",
    "Organize",
    "Origins",
    "Picture",
    "Pieces",
    "Preview",
    "Read",
    "Readme",
    "Receipt",
    "Record",
    "RecordContent",
    "RemoveFile",
    "RenewInvitation",
    "Search",
    "Start",
    "StripFile",
    "Withdraw",
]
