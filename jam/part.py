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
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam import announcing, reminding, reporting, schedule_news, tables
from jam.archive.tables import Table
from jam.audiences import Audience, everyone
from jam.desk_part import DeskPart
from jam.dry_run_part import DryRunPart
from jam.models import (
    Announcement,
    Block,
    CalendarKey,
    Idea,
    Interest,
    Jam,
    MailHours,
    Message,
    Participation,
    Report,
    Resource,
    RoleInvitation,
    SignUpAnswer,
    SignUpQuestion,
    User,
)
from jam.models.announcements import EVERYONE
from jam.parts import Action, MailKind, Number, Reader, Section, Step, Tab
from jam.permissions import JoinRefusal, join_refusal
from jam.roles import HELPING, Right, may
from jam.setting_up import SettingUpPart
from jam.timeline import Phase
from jam.trust_part import TrustPart


class JamPart(SettingUpPart, DeskPart, DryRunPart, TrustPart):
    """The floor's own part: overview, schedule, ideas, joining."""

    def facts(self) -> dict[str, Any]:
        return {
            "has_ideas": Exists(Idea.objects.listed().filter(jam=OuterRef("pk"))),
            "asks": Exists(SignUpQuestion.objects.filter(jam=OuterRef("pk"))),
            "asks_first": Exists(
                SignUpQuestion.objects.filter(jam=OuterRef("pk"), is_required=True)
            ),
            "has_news": Exists(
                Announcement.objects.filter(confirmed_at__isnull=False, jam=OuterRef("pk"))
            ),
            "has_resources": Exists(Resource.objects.filter(jam=OuterRef("pk"))),
            "has_reports": Exists(Report.objects.open().filter(jam=OuterRef("pk"))),
        }

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        """What was announced to the reader, and what was reported."""
        sections = []
        news = list(
            announcing.shown_to(jam, reader.user, reader.moment)[:3] if jam.has_news else []
        )
        if news:
            told = {"news": news}
            title = _("Announcements")
            sections.append(Section(title, "announcements", "jam/_announcements.html", told))
        return sections + self._roles_held(jam, reader) + self._reported(jam, reader)

    def _roles_held(self, jam: Jam, reader: Reader) -> list[Section]:
        """To those who help without organizing, what as, and where their pages are."""
        if jam.is_organized_by(reader.user):
            return []
        held = [role for role in HELPING if jam.is_helped_by(reader.user, role)]
        if not held:
            return []
        told = {"roles": held, "moderates": may(reader.user, jam, Right.MODERATE)}
        title = _("You help with this jam")
        return [Section(title, "roles", "jam/_roles_held.html", told, leads=True)]

    def _reported(self, jam: Jam, reader: Reader) -> list[Section]:
        """To whoever looks into it, that somebody has reported something; not that it is about
        them."""
        if not (jam.has_reports and may(reader.user, jam, Right.MODERATE)):
            return []
        if not Report.objects.open().handled_by(reader.user).filter(jam=jam).exists():
            return []
        return [Section(_("Reports"), "reports", "jam/_reported.html", {}, leads=True)]

    def audiences(self, jam: Jam, by: User) -> list[Audience]:
        if not jam.is_organized_by(by):
            return []
        return [
            Audience(EVERYONE, gettext("everybody who has to do with the jam, and its page")),
            Audience("participants", gettext("participants")),
        ]

    def people_in(self, jam: Jam, name: str, of: int | None, moment: datetime) -> Any:
        match name:
            case "everyone":
                return everyone(jam)
            case "participants":
                return User.objects.filter(pk__in=_participants(jam))
        return None

    def announced_to(self, jam: Jam, user: User, moment: datetime) -> Q:
        return Q(Exists(_participants(jam).filter(user=user)), audience="participants")

    def involved(self, jam: Jam) -> list[Any]:
        ideas = Idea.objects.filter(jam=jam).shown()
        return [_participants(jam), ideas.values("author"), jam.organizers.values("pk")]

    def mail_kinds(self) -> list[MailKind]:
        return [
            MailKind(announcing.KIND, gettext("what organizers announce")),
            MailKind(reminding.KIND, _("the start of jams that I joined")),
            MailKind(reporting.ANSWERS, _("answers to what I reported"), is_private=True),
            MailKind(
                reporting.KIND,
                _("reports of what stands in jams that I organize"),
                is_private=True,
            ),
            MailKind(
                schedule_news.KIND, _("what is moved or cancelled in jams and at sites I joined")
            ),
        ]

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        tabs = [Tab("overview", _("Overview"), reverse("jam:detail", args=[jam.slug]))]
        if jam.is_organized_by(reader.user):
            tabs.append(Tab("desk", _("Desk"), reverse("jam:desk", args=[jam.slug])))
        tabs.append(Tab("schedule", _("Schedule"), reverse("jam:schedule", args=[jam.slug])))
        # Once nobody can propose one any more, only where there are some.
        if jam.has_ideas or reader.moment in jam.joining_window:
            tabs.append(Tab("ideas", _("Ideas"), reverse("jam:ideas", args=[jam.slug])))
        if jam.has_news or jam.is_organized_by(reader.user):
            news = reverse("jam:announcements", args=[jam.slug])
            tabs.append(Tab("announcements", _("Announcements"), news))
        if jam.has_resources:
            url = reverse("jam:resources", args=[jam.slug])
            tabs.append(Tab("resources", _("Resources"), url))
        return tabs

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
            case JoinRefusal.BANNED:
                return self._banned(jam)
        return self._waiting(jam, reader)

    def export_tables(self) -> list[Table]:
        return tables.tables()

    def left_out_of_exports(self) -> dict[type, str]:
        return tables.left_out()

    def participation_cancelled(
        self, participation: Participation, by: User, moment: datetime
    ) -> None:
        jam, user = participation.jam_id, participation.user_id
        Interest.objects.filter(idea__jam=jam, user=user).delete()

    def personal_data(self, user: User) -> dict[str, Any]:
        said = ("email", "display_name", "affiliation", "orcid", "bio", "links")
        said += ("time_zone", "language")
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
                user.participations.values(
                    "jam__title", "joined_at", "cancelled_at", "agreed_at", "agreed_digest"
                )
            ),
            "answers at sign-up": list(
                SignUpAnswer.objects.filter(participation__user=user).values(
                    "participation__jam__title", "question__text", "text", "is_public"
                )
            ),
            "bans from jams": list(
                user.bans.values("jam__title", "reason", "made_at", "lifted_at")
            ),
            "people blocked": list(user.blocks.values("whom__display_name", "made_at")),
            "organizes": list(user.organized_jams.values_list("title", flat=True)),
            "roles": list(user.roles.values("jam__title", "role", "given_at")),
            "invited to roles": list(
                user.role_invitations.values("jam__title", "role", "email", "invited_at")
            ),
            "mails": list(
                Message.objects.filter(to=user.email).values("subject", "created_at", "sent_at")
            ),
            "ideas": list(
                user.ideas.values(
                    "jam__title", "title", "text", "links", "proposed_at", "withdrawn_at"
                )
            ),
            "interested in ideas": list(
                user.interests.values("idea__jam__title", "idea__title", "is_shown", "marked_at")
            ),
            "resources that worked": list(
                user.resources_that_worked.values("resource__title", "marked_at")
            ),
            "messages about reports": list(
                user.report_messages.values("report__target_name", "text", "written_at")
            ),
            "announcements": list(
                user.announcements.values("jam__title", "title", "text", "written_at", "sent_at")
            ),
            "reports": list(user.reports.values("jam__title", "target_name", "reason", "made_at")),
            "choices of mails": list(user.mail_choices.values("kind", "how", "chosen_at")),
            "hours for mails": list(
                MailHours.objects.filter(user=user).values("quiet_from", "quiet_until", "digest_at")
            ),
            "addresses of a private calendar": list(
                CalendarKey.objects.filter(user=user).values("made_at")
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
        user.mail_choices.all().delete()
        # Who owned a jam stays so in name, as they stay among its organizers.
        user.roles.filter(role__in=HELPING).delete()
        RoleInvitation.objects.alias(address=Lower("email")).filter(address__in=addresses).delete()
        SignUpAnswer.objects.filter(participation__user=user).delete()
        user.participations.update(shown=False)
        Block.objects.filter(Q(by=user) | Q(whom=user)).delete()
        MailHours.objects.filter(user=user).delete()
        user.interests.all().delete()
        CalendarKey.objects.filter(user=user).delete()
        user.resources_that_worked.all().delete()
        user.groups.clear()
        user.user_permissions.clear()
        # They stay among the organizers: where only judges rate, organizers' ratings count.

    def _joining(self, jam: Jam, *, signed_in: bool) -> Step:
        text = _("One click, and you are in. You can cancel until submissions close.")
        note = ""
        if jam.code_of_conduct:
            note = format_html(
                gettext('Joining means agreeing to the <a href="{}">code of conduct</a>.'),
                reverse("jam:conduct", args=[jam.slug]),
            )
        if signed_in and jam.asks_first:
            join = Action(_("Join"), reverse("jam:sign_up", args=[jam.slug]))
            text = _("The organizers ask something first. You can cancel until submissions close.")
            return Step(20, _("Join this jam"), text, action=join, note=note)
        if signed_in:
            join = Action(
                _("Join"),
                reverse("jam:join", args=[jam.slug]),
                post=True,
                fields={"conduct": jam.conduct_digest},
            )
            return Step(20, _("Join this jam"), text, action=join, note=note)
        back = "?" + urlencode({"next": jam.get_absolute_url()})
        return Step(
            20,
            _("Join this jam"),
            text,
            action=Action(_("Sign up to join"), reverse("account_signup") + back),
            more=(Action(_("I have an account"), reverse("account_login") + back),),
            note=note,
        )

    def _banned(self, jam: Jam) -> Step:
        write = Action(_("Write to the organizers"), reverse("jam:report", args=[jam.slug]))
        title = _("You cannot take part in this jam")
        return Step(20, title, refusal=JoinRefusal.BANNED.label, action=write)

    def _waiting(self, jam: Jam, reader: Reader) -> Step:
        schedule = Action(_("See the schedule"), reverse("jam:schedule", args=[jam.slug]))
        calendar = Action(_("Add it to my calendar"), reverse("jam:calendar", args=[jam.slug]))
        ideas = Action(_("See the ideas"), reverse("jam:ideas", args=[jam.slug]))
        match jam.phase_at(reader.moment):
            case Phase.ANNOUNCED:
                return Step(
                    15,
                    _("You are in"),
                    _("It has not begun yet. Put it in your calendar, see what is planned, and "
                      "propose an idea or find one to make something of."),
                    action=calendar,
                    more=(ideas, schedule),
                    is_beginning=True,
                )  # fmt: skip
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


def _participants(jam: Jam) -> Any:
    return Participation.objects.active().filter(jam=jam).values("user")


def _joined() -> Coalesce:
    active = Participation.objects.active().filter(jam=OuterRef("pk")).order_by().values("jam")
    return Coalesce(Subquery(active.annotate(n=Count("pk")).values("n")), 0)
