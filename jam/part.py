from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Message, Participation, User
from jam.parts import Action, Number, Part, Reader, Step, Tab
from jam.permissions import JoinRefusal, join_refusal
from jam.timeline import Phase


class JamPart(Part):
    """The floor's own part: overview, schedule, joining."""

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        return [
            Tab("overview", _("Overview"), reverse("jam:detail", args=[jam.slug])),
            Tab("schedule", _("Schedule"), reverse("jam:schedule", args=[jam.slug])),
        ]

    def numbers(self) -> list[Number]:
        return [Number("joined", _("joined"), _joined)]

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        refusal = join_refusal(reader.user, jam, reader.participation, reader.moment)
        match refusal:
            case None:
                return self._joining(jam, signed_in=True)
            case JoinRefusal.SIGNED_OUT if reader.moment in jam.joining_window:
                return self._joining(jam, signed_in=False)
            case JoinRefusal.DRAFT:
                return None
        return self._waiting(jam, reader)

    def personal_data(self, user: User) -> dict[str, Any]:
        said = ("email", "display_name", "affiliation", "bio", "links", "time_zone")
        return {
            "account": {name: getattr(user, name) for name in said}
            | {"signed up": user.date_joined, "last signed in": user.last_login},
            "e-mail addresses": list(
                EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
            ),
            "connected accounts": list(
                SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")
            ),
            "second factors": list(
                Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
            ),
            "where signed in": list(
                UserSession.objects.filter(user=user).values("created_at", "ip", "user_agent")
            ),
            "participations": list(
                user.participations.values("jam__title", "joined_at", "cancelled_at")
            ),
            "organizes": list(user.organized_jams.values_list("title", flat=True)),
            "mails": list(
                Message.objects.filter(to=user.email).values("subject", "created_at", "sent_at")
            ),
            "acts": list(
                user.acts.values("moment", "verb", "target_name", "before", "after", "reason")
            ),
        }

    def person_left(self, user: User, moment: datetime) -> None:
        known = EmailAddress.objects.annotate(address=Lower("email"))
        addresses = {user.email.lower(), *known.filter(user=user).values_list("address", flat=True)}
        # An address that was never confirmed may be somebody else's, and so are its mails.
        others = known.filter(address__in=addresses).exclude(user=user)
        addresses -= set(others.values_list("address", flat=True))
        mails = Message.objects.alias(address=Lower("to"))
        mails.filter(Q(user=user) | Q(user=None, address__in=addresses)).delete()
        keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(keys)).delete()
        for model in (UserSession, EmailAddress, SocialAccount, Authenticator):
            model.objects.filter(user=user).delete()
        about = ContentType.objects.get_for_model(User)
        entries = LogEntry.objects.filter(content_type=about, object_id=str(user.pk))
        entries.update(object_repr=user.name_in_log, change_message="")
        user.groups.clear()
        user.user_permissions.clear()
        # They stay among the organizers: where only judges rate, organizers' ratings count.

    def _joining(self, jam: Jam, *, signed_in: bool) -> Step:
        text = _("One click, and you are in. You can cancel until submissions close.")
        if signed_in:
            join = Action(_("Join"), reverse("jam:join", args=[jam.slug]), post=True)
            return Step(20, _("Join this jam"), text, action=join)
        back = "?" + urlencode({"next": jam.get_absolute_url()})
        return Step(
            20,
            _("Join this jam"),
            text,
            action=Action(_("Sign up to join"), reverse("account_signup") + back),
            more=(Action(_("I have an account"), reverse("account_login") + back),),
        )

    def _waiting(self, jam: Jam, reader: Reader) -> Step:
        schedule = Action(_("See the schedule"), reverse("jam:schedule", args=[jam.slug]))
        calendar = Action(_("Add it to my calendar"), reverse("jam:calendar", args=[jam.slug]))
        match jam.phase_at(reader.moment):
            case Phase.ANNOUNCED:
                return Step(
                    15,
                    _("You are in"),
                    _("It has not begun yet. Put it in your calendar, and see what is planned."),
                    action=calendar,
                    more=(schedule,),
                )
            case Phase.MAKING:
                return Step(
                    15,
                    _("You are in, and it has begun"),
                    _("See what is on now, and what comes next."),
                    action=schedule,
                )
            case Phase.CLOSING:
                return Step(
                    10,
                    _("Taking in the last submissions"),
                    _("Whatever arrived in time is in. Rating opens next."),
                    eyebrow=_("Just now"),
                )
            case Phase.RATING:
                return Step(
                    10,
                    _("The submissions are being rated"),
                    _("The results come when rating has closed and all is counted."),
                    eyebrow=_("Just now"),
                )
            case Phase.COUNTING:
                return Step(
                    10,
                    _("Counting"),
                    _("Rating has closed. The results are on their way."),
                    eyebrow=_("Just now"),
                )
        return Step(
            10,
            _("This jam is over"),
            _("Look around: what was made here stays."),
            eyebrow=_("Afterwards"),
            action=Action(_("See other jams"), reverse("jam:list")),
        )


def _joined() -> Coalesce:
    active = Participation.objects.active().filter(jam=OuterRef("pk")).order_by().values("jam")
    return Coalesce(Subquery(active.annotate(n=Count("pk")).values("n")), 0)
