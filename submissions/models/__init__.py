from .blinding import hides_names, is_blind
from .certificates import Certificate
from .credit import MEANINGS, Role
from .discussion import Comment, CommentQuerySet
from .drafts import (
    NO_AI_TOOLS,
    AiUse,
    Licence,
    Submission,
    SubmissionQuerySet,
    fetch_answers,
    fetch_origins,
    new_invitation,
    origins_of,
)
from .kept import (
    Closing,
    Correction,
    LateGrant,
    LateGrantQuerySet,
    Original,
    Revision,
    RevisionQuerySet,
)
from .looking import Ask, AskQuerySet, Card, CardQuerySet
from .more_time import TimeRequest
from .origins import Continuation, KeptOrigin, Origin
from .parts import LIVE_FILES, Contributor, File, Link
from .questions import Answer, Question
from .rules import SubmissionRules, Track
from .uploads import Upload, UploadQuerySet

__all__ = [
    "AiUse",
    "Answer",
    "Ask",
    "AskQuerySet",
    "Card",
    "CardQuerySet",
    "Certificate",
    "Closing",
    "Comment",
    "CommentQuerySet",
    "Continuation",
    "Contributor",
    "Correction",
    "File",
    "KeptOrigin",
    "LIVE_FILES",
    "LateGrant",
    "LateGrantQuerySet",
    "Licence",
    "Link",
    "MEANINGS",
    "NO_AI_TOOLS",
    "Question",
    "Origin",
    "Original",
    "Revision",
    "RevisionQuerySet",
    "Role",
    "Submission",
    "SubmissionQuerySet",
    "SubmissionRules",
    "TimeRequest",
    "Track",
    "fetch_answers",
    "fetch_origins",
    "Upload",
    "UploadQuerySet",
    "hides_names",
    "is_blind",
    "new_invitation",
    "origins_of",
]
