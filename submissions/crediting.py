"""Organizers put right who contributed, beside what was handed in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox, parts
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, User
from submissions import services
from submissions.freezing import credit_of, searchable
from submissions.models import Contributor, Correction, Revision, Submission
from submissions.permissions import correct_refusal


@transaction.atomic
def correct_contributors(
    *, submission: Submission, by: User, order: list[User], reason: str, moment: datetime
) -> Correction:
    """Have exactly the people of `order` be the contributors of a frozen submission. What was
    handed in stays as it is; all who were or are contributors are told why. Raises Refused."""
    # As counting locks it: nobody's rating of what has become their own is counted beside this.
    Jam.objects.select_for_update(no_key=True).get(pk=submission.jam_id)
    submission = services.locked(submission)
    refuse(correct_refusal(by, submission, [user.pk for user in order], reason))
    reason = reason.strip()
    before = {contributor.user_id: contributor for contributor in submission.contributors.all()}
    added = [user for user in order if user.pk not in before]
    removed = [c for key, c in before.items() if key not in {user.pk for user in order}]

    Contributor.objects.filter(pk__in=[contributor.pk for contributor in removed]).delete()
    team = []
    for place, user in enumerate(order):
        contributor = before.get(user.pk) or Contributor(
            submission=submission, user=user, affiliation=user.affiliation, confirmed_at=moment
        )
        contributor.order, contributor.proposed_order, contributor.agreed_at = place, None, None
        contributor.save()
        team.append(contributor)
    submission.correction = Correction.objects.create(
        submission=submission,
        # Of those who were there what was handed in, though they may have closed their accounts.
        contributors=[
            {**(submission.credit_of(c.user) or credit_of(c)), "id": c.user_id} for c in team
        ],
        reason=reason,
        made_by=by,
        made_at=moment,
    )
    submission.save(update_fields=["correction"])
    columns = searchable(submission.frozen.content, submission.correction.contributors)
    Revision.objects.filter(pk=submission.frozen_id).update(**columns)
    caching.forget()
    log.record("corrected the contributors", submission, by=by, jam=submission.jam, reason=reason,
               before={"order": list(before)}, after={"order": [user.pk for user in order]},
               moment=moment)  # fmt: skip
    parts.contributors_added(submission, added, by, moment)
    names = ", ".join(person["name"] for person in submission.correction.contributors)
    for contributor in [*team, *removed]:
        outbox.post(
            user=contributor.user,
            key=f"corrected:{submission.correction.pk}",
            jam=submission.jam,
            subject=_("Who contributed to “%(title)s” was corrected")
            % {"title": submission.frozen.title},
            paragraphs=[
                _("The organizers corrected the contributors. These are they now: %(names)s.")
                % {"names": names},
                _("Their reason:") + "\n" + reason,
                _("What was handed in stays as it is; the correction is shown beside it."),
            ],
            action_label=_("See the submission"),
            action_path=submission.get_absolute_url(),
            moment=moment,
        )
    return submission.correction
