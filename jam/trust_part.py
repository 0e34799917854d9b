"""What the floor keeps of people, and forgets; and what the log does not tell of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import giving_roles, timeline
from jam.belongings import BELONGINGS
from jam.models import Jam, Message, Report, RoleInvitation, SignUpAnswer, User
from jam.parts import Part
from jam.roles import Role
from jam.trust import Kept, Moves, Period, Stays

# A mail may say later whether somebody was told already, in sweeps that go on for two weeks.
OF_USE = timedelta(days=30)


class TrustPart(Part):
    """People, what they answered, and the mails to them."""

    def acts_hidden(self, user: User, moment: datetime) -> Q:
        """What is reported of them."""
        about_them = Report.objects.filter(about_person=user.pk)
        keys = about_them.annotate(key=Cast("pk", CharField())).values("key")
        return Q(target_type=Report._meta.label_lower, target_id__in=keys)

    def kept(self) -> list[Kept]:
        return [
            Kept(
                _("What you answered when you joined"),
                _("The organizers asked for it to prepare the jam."),
                Period.ANSWERS,
            ),
            Kept(
                _("Mails that the jam sent you, with your address"),
                _("So that nobody is told twice, and a mail that came back is seen."),
                Period.CONTACTS,
            ),
            Kept(
                _("That you took part, and when you joined"),
                _("What you made and rated hangs on it."),
            ),
            Kept(
                _("Ideas, reports, and what was written about them"),
                _("Submissions grew from ideas; and who decided what stays plain."),
            ),
            Kept(
                _("The log of acts: who did what, when and why"),
                _("So that everybody can be shown afterwards that it was fair."),
            ),
        ]

    def forget(self, jam: Jam, period: Period, moment: datetime) -> int:
        match period:
            case Period.ANSWERS:
                answers = SignUpAnswer.objects.filter(participation__jam=jam)
                return answers.delete()[0]
            case Period.CONTACTS:
                mails = Message.objects.filter(
                    timeline.reached("created_at", moment, after=OF_USE), jam=jam
                )
                asked = RoleInvitation.objects.filter(jam=jam)
                return mails.delete()[0] + asked.delete()[0]
        return 0

    def belongings(self) -> list[Moves | Stays]:
        return BELONGINGS

    def merge_notes(self, user: User, other: User) -> list[str]:
        told = []
        confirmed = EmailAddress.objects.filter(user=other, verified=True)
        if addresses := ", ".join(confirmed.order_by("pk").values_list("email", flat=True)):
            told.append(
                _("They can then sign in with %(addresses)s too.") % {"addresses": addresses}
            )
        if n := other.organized_jams.count():
            told.append(
                ngettext(
                    "The account to keep will organize %(n)s jam that the other organizes.",
                    "The account to keep will organize %(n)s jams that the other organizes.",
                    n,
                )
                % {"n": n}
            )
        return told

    def people_merged(self, user: User, other: User, by: User, moment: datetime) -> None:
        EmailAddress.objects.filter(user=other, verified=True).update(user=user, primary=False)
        for jam in other.organized_jams.order_by("pk"):
            # Whoever owned a jam silently, as its first organizer, has no row that could move.
            is_owner = other.pk in giving_roles.owners_of(jam)
            role = Role.OWNER if is_owner else Role.ORGANIZER
            giving_roles.give(jam=jam, user=user, role=role, by=by, moment=moment)
