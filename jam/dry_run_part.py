"""What happens in a dry run on the floor: people sign up, and are told of the start."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import reminding, services, signing_up
from jam.dry_run import Play, Scene, answer_to, refused
from jam.models import Participation
from jam.parts import Part


class DryRunPart(Part):
    """A dry run, as far as it is the floor's."""

    def perform(self, play: Play, scene: Scene) -> None:
        match scene:
            case Scene.SIGN_UP:
                self._sign_up(play)
            case Scene.EVE | Scene.START:
                reminding.remind(play.jam, play.moment)

    def _sign_up(self, play: Play) -> None:
        play.jam = jam = services.publish(jam=play.jam, by=play.organizer, moment=play.moment)
        answers = {question.pk: answer_to(question) for question in jam.sign_up_questions.all()}
        for user in play.people:
            signing_up.join(
                jam=jam, user=user, answers=answers, shown=True, conduct=jam.conduct_digest,
                moment=play.moment,
            )  # fmt: skip
        joined = Participation.objects.active().filter(jam=jam).count()
        play.tell(ngettext("%(n)s person joins.", "%(n)s people join.", joined) % {"n": joined})
        if answers:
            text = ngettext(
                "Each answers %(n)s question at sign-up.",
                "Each answers %(n)s questions at sign-up.",
                len(answers),
            )
            play.tell(text % {"n": len(answers)})
        leaves = refused(lambda: services.cancel(jam=jam, user=play.leaver, moment=play.moment))
        play.tell(leaves or _("%(name)s cancels.") % {"name": play.leaver})
