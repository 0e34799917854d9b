"""An operator makes one of two accounts, and whose they were goes on with the one, in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jam import removing
from jam.models import Jam, Message, User
from jam.timeline import Phase
from tests.browser.conftest import PHONE, move
from tests.factories import JamFactory, ParticipationFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jam() -> Jam:
    jam = JamFactory(slug="night", title="Night of Circuits")
    jam.organizers.add(UserFactory(display_name="Olga"))
    move(jam, Phase.MAKING)
    return jam


@pytest.fixture
def ada(jam) -> User:
    """Takes part with both accounts, and has a draft under the other one."""
    ada = UserFactory(display_name="Ada", email="ada@example.org")
    old = UserFactory(display_name="Old Ada", email="old@example.org")
    joined = timezone.now() - timedelta(days=1)
    ParticipationFactory(jam=jam, user=ada, joined_at=joined)
    ParticipationFactory(jam=JamFactory(title="The first jam"), user=old)
    SubmissionFactory(jam=jam, title="Heads that look away", by=old)
    return ada


# Nothing here needs a script.
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_accounts_become_one(visit_as, fits, jam, ada, scripts):
    old = User.objects.get(email="old@example.org")
    operator = UserFactory(is_superuser=True, is_staff=True)
    theirs = visit_as(old, PHONE)
    page = visit_as(operator, PHONE, java_script_enabled=scripts)
    check = fits if scripts else lambda page: None

    page.goto(f"/jams/night/people/{ada.pk}/")
    page.get_by_role("link", name="Merge another account into this one").click()
    check(page)
    other = page.get_by_label("E-mail address of the other account")
    other.fill("nobody@example.org")
    page.get_by_role("button", name="Show what would move").click()
    expect(page.get_by_text("No account has this address.")).to_be_visible()
    check(page)
    other.fill("OLD@example.org")
    page.get_by_role("button", name="Show what would move").click()
    expect(page.get_by_role("heading", name="What Old Ada has")).to_be_visible()
    # Of taking part twice in one jam, one stays behind.
    taking_part = page.get_by_role("row").filter(has_text="Jams in which they take part")
    expect(taking_part.get_by_role("cell")).to_have_text(["1", "1", "Both take part in it. "])
    check(page)
    page.get_by_role("button", name="Merge them").click()
    assert User.objects.get(pk=old.pk).is_active  # The box is to be ticked first.
    page.get_by_label("Both accounts belong to the same person").check()
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("The two accounts are one.")).to_be_visible()
    check(page)
    assert set(Message.objects.filter(key__startswith="merged:").values_list("to", flat=True)) == {
        "ada@example.org",
        "old@example.org",
    }

    # Whoever was signed in with the other account is not any more; the kept one has its draft.
    theirs.goto("/my-jams/")
    expect(theirs).to_have_url(re.compile("/accounts/login/"))
    kept = visit_as(ada, PHONE)
    kept.goto("/my-jams/")
    expect(kept.get_by_text("The first jam")).to_be_visible()
    check(kept)
    kept.goto(f"/jams/night/submissions/{jam.submissions.get().pk}/edit/")
    expect(kept.get_by_label("Title").first).to_have_value("Heads that look away")


def test_an_account_that_is_banned_is_not_merged_and_only_operators_may(visit_as, fits, jam, ada):
    olga, old = jam.organizers.get(), User.objects.get(email="old@example.org")
    page = visit_as(olga)
    page.goto(f"/jams/night/people/{ada.pk}/")
    expect(page.get_by_role("link", name="Merge another account")).to_have_count(0)
    page.goto(f"/people/{ada.pk}/merge/")
    expect(page.get_by_text("Only operators merge accounts.")).to_be_visible()
    fits(page)
    removing.ban(jam=jam, user=old, by=olga, reason="They sell things.", moment=timezone.now())
    page = visit_as(UserFactory(is_superuser=True))
    page.goto(f"/people/{ada.pk}/merge/")
    page.get_by_label("E-mail address of the other account").fill("old@example.org")
    page.get_by_role("button", name="Show what would move").click()
    expect(page.get_by_text("Its organizers decide about that first.")).to_be_visible()
    expect(page.get_by_role("button", name="Merge them")).to_have_count(0)
    fits(page)
