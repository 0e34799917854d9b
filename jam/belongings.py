"""What of the floor belongs to a person, for when two accounts are merged."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models import (
    Act,
    Announcement,
    Ban,
    Block,
    CalendarKey,
    Cleared,
    Idea,
    Interest,
    Jam,
    MailChoice,
    MailHours,
    Message,
    Participation,
    Report,
    ReportMessage,
    RoleHolder,
    RoleInvitation,
    User,
    Worked,
)
from jam.trust import Moves, Stays

HAS_ITS_OWN = _("The account to keep has its own.")
BOTH = _("Both did the same.")
# Of what they did for others, or to them.
DEEDS = _("What they decided, answered, sent and noted for others")


def _each_other(user: User, other: User) -> Q:
    people = [user.pk, other.pk]
    return Q(by__in=people, whom__in=people)


BELONGINGS = [
    Moves(Participation, "user", _("Jams in which they take part"), _("Both take part in it.")),
    Moves(RoleHolder, "user", _("Roles in jams"), _("Both have the same role.")),
    Moves(Idea, "author", _("Ideas")),
    Moves(Interest, "user", _("Marks of interest, and of what worked"), BOTH),
    Moves(Worked, "user", _("Marks of interest, and of what worked"), BOTH),
    Moves(Announcement, "author", _("Announcements")),
    Moves(Report, "by", _("Reports"), BOTH),
    Moves(Report, "about_person", _("Reports")),
    Moves(ReportMessage, "by", _("Reports")),
    Moves(Ban, "user", _("Bans"), BOTH),
    Moves(Block, "by", _("People whom they have blocked"), BOTH, _each_other),
    Moves(Block, "whom", _("People who have blocked them"), BOTH, _each_other),
    Moves(MailChoice, "user", _("Choices of mails"), HAS_ITS_OWN),
    Moves(MailHours, "user", _("Choices of mails"), HAS_ITS_OWN),
    Moves(CalendarKey, "user", _("The address of a private calendar"), HAS_ITS_OWN),
    Moves(Message, "user", _("Mails that they were sent")),
    Moves(User, "merged_into", _("Accounts that were merged into it before")),
    Moves(SocialAccount, "user", _("Accounts elsewhere to sign in with")),
    Moves(Ban, "by", DEEDS),
    Moves(Ban, "lifted_by", DEEDS),
    Moves(Cleared, "by", DEEDS),
    Moves(Report, "closed_by", DEEDS),
    Moves(RoleInvitation, "invited_by", DEEDS),
    Stays(Act, "actor", "the log is not altered"),
    Stays(LogEntry, "user", "the admin’s own log is not altered either"),
    Stays(EmailAddress, "user", "those that are confirmed move by themselves, as further ones"),
    Stays(Authenticator, "user", "a second factor is of one account, and goes with it"),
    Stays(UserSession, "user", "ends with the account"),
    Stays(User.groups.through, "user", "rights of an operator’s choice are given, not inherited"),
    Stays(User.user_permissions.through, "user", "as groups"),
    Stays(
        Jam.organizers.through,
        "user",
        "the account to keep organizes too; whoever leaves stays among the organizers",
    ),
]
