from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from jam import parts
from jam.models import Jam
from submissions import freezing
from submissions.models import Contributor, Revision, Submission
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory


class SubmissionFactory(DjangoModelFactory):
    """A complete draft of one contributor, who takes part: ``SubmissionFactory(by=user)``."""

    class Meta:
        model = Submission
        skip_postgeneration_save = True

    jam = factory.SubFactory(JamFactory)
    title = factory.Sequence(lambda n: f"Work {n}")
    abstract = "What we asked, what we did, what we found."
    body = "## Method\n\nWe looked inside."
    licence = "CC-BY-4.0"
    created_at = MOMENTS["making"]
    saved_at = MOMENTS["making"]

    @factory.post_generation
    def by(submission, create, extracted, **kwargs):
        user = extracted or UserFactory()
        if not user.participations.filter(jam=submission.jam).exists():
            ParticipationFactory(jam=submission.jam, user=user)
        Contributor.objects.create(
            submission=submission,
            user=user,
            affiliation=user.affiliation,
            confirmed_at=MOMENTS["making"],
        )


def hand_in(submission: Submission) -> Revision:
    """A revision of the submission as it is, without mails."""
    submission = Submission.objects.with_content().get(pk=submission.pk)
    revision = freezing.revision_of(
        submission,
        submission.revisions.order_by("-number").first(),
        origin=Revision.Origin.HANDED_IN,
        by=submission.contributors.all()[0].user,
        moment=MOMENTS["making"],
    )
    revision.save()
    freezing.keep_files([revision])
    return revision


def frozen_submission(jam: Jam, **fields) -> Submission:
    """A submission that was handed in and frozen."""
    submission = SubmissionFactory(jam=jam, **fields)
    submission.frozen = hand_in(submission)
    submission.save(update_fields=["frozen"])
    parts.submissions_frozen(jam)
    return submission
