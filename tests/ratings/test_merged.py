"""What two accounts that became one have handed in: kept as it was, and theirs all the same."""

from __future__ import annotations

import pytest
from django.test import Client

from jam import merging
from jam.models import User
from ratings import freezing as counting
from ratings.models import Prize
from submissions import certificates, crediting, freezing, services
from submissions.differences import Kind, differences
from submissions.models import Certificate, Revision, Submission
from tests.factories import MOMENTS, RESULTS, ParticipationFactory, UserFactory
from tests.jam.archive.packages import taken, written
from tests.ratings.factories import frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db
AFTER = MOMENTS["finished"]


class Merged:
    """A jam that is over. Old Ada made what won; then her account became part of Ada's."""

    def __init__(self) -> None:
        self.jam = small_jam(criteria=1, rule="mean")
        Prize.objects.create(jam=self.jam, title="The golden probe")
        self.old = UserFactory(display_name="Old Ada")
        self.ada = UserFactory(display_name="Ada")
        self.submission = frozen_submission(self.jam, by=self.old, title="Inside")
        rate(self.submission, 5)
        rate(frozen_submission(self.jam), 3, by=self.old)
        counting.results_of(self.jam, RESULTS)
        self.proof = self.issue(self.old, "contributing")
        self.operator = UserFactory(is_superuser=True, is_staff=True)
        self.merge(self.old, self.ada)

    def merge(self, other: User, user: User) -> None:
        merging.merge(user=user, other=other, by=self.operator, moment=AFTER)

    def offers(self, user: User) -> dict[str, str]:
        """The keys of what there is to certify, by kind."""
        user = User.objects.get(pk=user.pk)
        return {
            offer.merit.kind: offer.merit.key
            for offer in certificates.offers_of(self.jam, user, AFTER)
        }

    def issue(self, user: User, kind: str) -> Certificate:
        key = self.offers(user)[kind]
        return services.issue(jam=self.jam, user=user, key=key, moment=AFTER)

    def reads(self, path: str, user: User | None = None) -> str:
        client = Client()
        if user is not None:
            client.force_login(User.objects.get(pk=user.pk))
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode()


@pytest.fixture
def merged(at) -> Merged:
    at(AFTER)
    return Merged()


def test_what_was_handed_in_is_as_it_was(merged):
    content = merged.submission.frozen.content
    kept = Revision.objects.get(pk=merged.submission.frozen_id)
    assert kept.content == content
    assert freezing.digest_of(kept.content) == kept.digest
    [person] = kept.content["contributors"]
    assert (person["id"], person["name"]) == (merged.old.pk, "Old Ada")


def test_its_pages_name_them_as_then_and_lead_to_no_account_that_is_closed(merged):
    submission = Submission.objects.get(pk=merged.submission.pk)
    home = submission.get_absolute_url()
    record = submission.frozen.get_absolute_url()
    results = f"/jams/{merged.jam.slug}/results/{submission.pk}/"
    named = ((home, "Old Ada"), (record, "Old Ada"), (f"{home}cite/citation.bib", "Ada, Old"))
    for path, name in (*named, (results, "Inside")):
        page = merged.reads(path)
        assert name in page
        assert merged.old.get_absolute_url() not in page
    receipt = merged.reads(f"{home}receipts/{submission.frozen.number}/", merged.ada)
    assert "Old Ada handed this in." in receipt


def test_it_is_with_the_account_that_is_left(merged):
    assert merged.jam.title in merged.reads("/my-jams/", merged.ada)
    assert "Inside" in merged.reads(f"/jams/{merged.jam.slug}/certificates/", merged.ada)
    home = merged.submission.get_absolute_url()
    assert f"{home}receipts/" in merged.reads(home, merged.ada)
    assert "See the receipt" in merged.reads(
        merged.submission.frozen.get_absolute_url(), merged.ada
    )


def test_certificates_are_of_the_account_that_is_left(merged):
    assert set(merged.offers(merged.ada)) == {"taking_part", "contributing", "rating", "winning"}
    proof = Certificate.objects.get(pk=merged.proof.pk)
    assert proof.user == merged.ada
    assert certificates.standing_of(proof, AFTER)[0] == certificates.Standing.HOLDS
    assert merged.issue(merged.ada, "winning").facts["name"] == "Ada"


def test_who_is_merged_once_more_takes_all_of_it_along(merged):
    third = UserFactory(display_name="Third")
    merged.merge(merged.ada, third)
    assert set(merged.offers(third)) == {"taking_part", "contributing", "rating", "winning"}
    assert User.objects.get(pk=merged.old.pk).merged_into == third


def test_who_is_on_the_team_and_was_not_named_is_not_certified(merged):
    """Not everybody without a name in it is the one whose account was merged."""
    later = ParticipationFactory(jam=merged.jam).user
    merged.submission.contributors.create(user=later, confirmed_at=AFTER)
    assert set(merged.offers(later)) == {"taking_part"}


def test_what_both_rated_is_certified_once(at):
    at(AFTER)
    jam = small_jam(criteria=1)
    submission, old, ada = frozen_submission(jam), UserFactory(), UserFactory()
    for rater in (old, ada):
        rate(submission, 3, by=rater)
    counting.results_of(jam, RESULTS)
    operator = UserFactory(is_superuser=True)
    merging.merge(user=ada, other=old, by=operator, moment=AFTER)
    [offer] = certificates.offers_of(jam, ada, AFTER)
    assert offer.merit.values == {"ratings": 1}


def test_a_correction_keeps_the_name_and_knows_the_account(merged):
    other = ParticipationFactory(jam=merged.jam).user
    correction = crediting.correct_contributors(
        submission=merged.submission, by=merged.operator, order=[merged.ada, other],
        reason="Somebody was left out.", moment=AFTER,
    )  # fmt: skip
    told = [(person["id"], person["name"]) for person in correction.contributors]
    assert told == [(merged.ada.pk, "Old Ada"), (other.pk, other.display_name)]


def test_a_later_revision_does_not_replace_a_person_of_the_same_name():
    before = {"contributors": [{"id": 1, "name": "Ada"}, {"id": 3, "name": "Rob"}]}
    after = {"contributors": [{"id": 2, "name": "Ada"}]}
    [found] = differences(before, after)
    assert [item.kind for item in found.items] == [Kind.REMOVED]


def test_in_an_archive_it_is_of_the_account_that_is_left(merged):
    Certificate.objects.all().delete()
    jam = taken(written(merged.jam), "again").jam
    submission = Submission.objects.get(jam=jam, frozen__title="Inside")
    assert submission.credit_of(merged.ada)["name"] == "Old Ada"
    assert submission.frozen.digest == merged.submission.frozen.digest
