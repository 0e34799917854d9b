from .acts import Act
from .announcements import Announcement, AnnouncementQuerySet
from .bans import Ban
from .blocks import Block
from .ideas import Idea, IdeaQuerySet, IdeaTag, Interest
from .jams import Host, Jam
from .mail import MailChoice, MailHours, Message
from .people import User
from .questions import OPTIONS_FIT, Asked, SignUpAnswer, SignUpQuestion
from .reports import Report, ReportMessage, ReportQuerySet
from .resources import Resource, ResourceQuerySet, Worked
from .retention import Retention
from .roles import RoleHolder, RoleInvitation
from .schedule import CalendarKey, ScheduleChange, ScheduleItem
from .spam import Cleared
from .taking_part import Participation

__all__ = [
    "OPTIONS_FIT",
    "Act",
    "Announcement",
    "AnnouncementQuerySet",
    "Asked",
    "Ban",
    "Block",
    "CalendarKey",
    "Cleared",
    "Host",
    "Idea",
    "IdeaQuerySet",
    "IdeaTag",
    "Interest",
    "Jam",
    "MailChoice",
    "MailHours",
    "Message",
    "Participation",
    "Report",
    "ReportMessage",
    "ReportQuerySet",
    "Resource",
    "ResourceQuerySet",
    "Retention",
    "RoleHolder",
    "RoleInvitation",
    "ScheduleChange",
    "ScheduleItem",
    "SignUpAnswer",
    "SignUpQuestion",
    "User",
    "Worked",
]
