"""Criteria, ratings and results in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jam import log
from jam.models import Act
from ratings import freezing
from ratings.models import Criterion, Judge, Rating, RatingRules, Skip
from tests.factories import MOMENTS, RATINGS_CLOSE, RATINGS_OPEN, RESULTS, TICK, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db


@pytest.fixture
def jam():
    return small_jam()


@pytest.fixture
def organizer(jam):
    user = UserFactory(is_staff=True)
    jam.organizers.add(user)
    return user


def change_page(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_page(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def filled(response) -> dict[str, str]:
    """The form of a page of the admin, as a browser would send it."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    posted = {}
    for field in (field for form in forms for field in form):
        value, widget = field.value(), field.field.widget
        if hasattr(widget, "decompress"):
            for place, part in enumerate(widget.decompress(value)):
                posted[f"{field.html_name}_{place}"] = str(part or "")
        elif isinstance(value, list):
            posted[field.html_name] = [getattr(row, "pk", row) for row in value]
        elif value not in (None, "") and value is not False and not widget.needs_multipart_form:
            posted[field.html_name] = value
    return posted


@pytest.mark.parametrize(
    ("moment", "is_changed"), [(RATINGS_OPEN - TICK, True), (RATINGS_OPEN, False)]
)
def test_criteria_and_rules_are_fixed_once_rating_has_opened(
    at, client, jam, organizer, moment, is_changed
):
    at(RATINGS_OPEN - TICK)
    client.force_login(organizer)
    page = change_page(jam)
    posted = filled(client.get(page))
    assert posted["criteria-0-name"] == "A"
    posted |= {"criteria-0-name": "Changed", "rating_rules-0-rule": "itch"}
    at(moment)
    client.force_login(organizer)
    response = client.post(page, posted)
    assert response.status_code == 302, response.context["errors"]
    assert Criterion.objects.filter(name="Changed").exists() is is_changed
    assert (RatingRules.objects.get(jam=jam).rule == "itch") is is_changed


def test_what_is_fixed_is_shown_and_cannot_be_typed(at, client, jam, organizer):
    at(RATINGS_OPEN)
    client.force_login(organizer)
    page = client.get(change_page(jam)).content.decode()
    assert "Question 0?" in page
    assert 'name="criteria-0-name"' not in page
    assert 'name="judges-0-user"' not in page
    assert 'name="judges-TOTAL_FORMS"' in page


@pytest.mark.parametrize(("moment", "added"), [(RATINGS_CLOSE - TICK, 1), (RATINGS_CLOSE, 0)])
def test_judges_are_fixed_once_rating_has_closed(at, client, jam, organizer, moment, added):
    at(RATINGS_CLOSE - TICK)
    client.force_login(organizer)
    posted = filled(client.get(change_page(jam)))
    judge = UserFactory()
    posted |= {"judges-TOTAL_FORMS": 1, "judges-0-user": judge.pk, "judges-0-jam": jam.pk}
    at(moment)
    client.force_login(organizer)
    client.post(change_page(jam), posted)
    assert Judge.objects.count() == added


@pytest.mark.parametrize(
    ("moment", "shown"),
    [(MOMENTS["rating"], False), (MOMENTS["counting"], False), (RESULTS - TICK, False),
     (RESULTS, True)],
)  # fmt: skip
def test_values_are_hidden_until_the_results_are_out(at, client, jam, organizer, moment, shown):
    rating = rate(frozen_submission(jam, title="Work"), 4, 4, strong="my words")
    at(moment)
    freezing.results_of(jam, moment)
    for user in (organizer, UserFactory(is_staff=True, is_superuser=True)):
        client.force_login(user)
        page = client.get(change_page(rating)).content.decode()
        assert rating.rater.display_name in page
        assert ("my words" in page) is shown
        assert ("field-stars" in page) is shown


@pytest.mark.parametrize(
    "question", ["strong__contains=words", "strong__gt=a", "signed=1", "weak=", "next__regex=.",
                 "scores__stars=4", "scores__stars__exact=4", "rater__email=x"]
)  # fmt: skip
def test_the_list_cannot_be_asked_about_values(at, client, jam, organizer, question):
    rate(frozen_submission(jam), 4, 4, strong="my words")
    at(MOMENTS["rating"])
    client.force_login(organizer)
    response = client.get(f"{list_page(Rating)}?{question}")
    # The admin's answer to what may not be asked.
    assert response.status_code in (302, 400)


def test_the_list_can_be_searched_and_filtered_by_what_is_open(at, client, jam, organizer):
    rate(frozen_submission(jam, title="Complete one"), 4, 4, strong="my words")
    rate(frozen_submission(jam, title="Draft one"), 4, None)
    at(MOMENTS["rating"])
    client.force_login(organizer)
    page = list_page(Rating)
    assert "Draft one" not in client.get(f"{page}?completed_at__isempty=0").content.decode()
    assert "Complete one" in client.get(f"{page}?q=Complete").content.decode()
    assert "Complete one" not in client.get(f"{page}?q=words").content.decode()


def test_staff_see_what_belongs_to_their_own_jams(at, client, jam, organizer):
    theirs = small_jam()
    rows = [rate(frozen_submission(theirs, title="Elsewhere"), 4, 4)]
    rows += [freezing.results_of(theirs, RESULTS)]
    rows += [rows[1].standings.first()]
    skip = Skip.objects.create(
        submission=rows[0].submission, rater=UserFactory(), skipped_at=MOMENTS["rating"]
    )
    at(RESULTS)
    client.force_login(organizer)
    for row in [*rows, skip]:
        assert client.get(change_page(row)).status_code == 302
        page = client.get(list_page(type(row)))
        assert page.status_code == 200
        assert str(theirs) not in page.content.decode()
        assert "Elsewhere" not in page.content.decode()


def test_nothing_of_it_can_be_added_changed_or_deleted(at, client, jam):
    submission = frozen_submission(jam)
    rating = rate(submission, 4, 4)
    results = freezing.results_of(jam, RESULTS)
    at(RESULTS)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for row in (rating, results, results.standings.first()):
        options = row._meta
        name = f"admin:{options.app_label}_{options.model_name}"
        assert client.get(change_page(row)).status_code == 200
        assert client.post(change_page(row), {"rank": 1}).status_code == 403
        assert client.get(reverse(f"{name}_add")).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk])).status_code == 403


def test_the_salt_of_the_pseudonyms_is_never_shown(at, client, jam):
    results = freezing.results_of(jam, RESULTS)
    salt = RatingRules.of(jam).salt
    at(RESULTS)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for page in (change_page(results), f"/admin/jam/jam/{jam.pk}/change/"):
        assert salt not in client.get(page).content.decode()


def test_results_that_are_no_longer_due_are_not_there(at, client, jam):
    results = freezing.results_of(jam, RESULTS)
    at(RESULTS - TICK)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(change_page(results)).status_code == 302


@pytest.mark.parametrize("size", [1, 3])
def test_statements_of_the_list(at, client, jam, size, django_assert_num_queries):
    for _ in range(size):
        rate(frozen_submission(jam), 4, 4)
    JudgeFactory(jam=jam)
    at(MOMENTS["rating"])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    with django_assert_num_queries(5):
        client.get(list_page(Rating))


def test_the_log_tells_whom_the_admin_named_a_judge(at, client, jam, organizer):
    at(MOMENTS["announced"])
    client.force_login(organizer)
    gone, new = JudgeFactory(jam=jam), UserFactory(display_name="Ada Judge")
    posted = filled(client.get(change_page(jam)))
    posted |= {"judges-TOTAL_FORMS": "2", "judges-0-DELETE": "on", "judges-1-user": new.pk}
    assert client.post(change_page(jam), posted).status_code == 302
    assert jam.judges.get().user == new
    told = Act.objects.get(verb="changed", jam=jam).after["rows"]
    assert told == f"judge: added person {new.pk}, removed person {gone.user_id}"


def test_the_log_in_the_admin_keeps_what_the_log_of_the_jam_keeps(at, client, jam, organizer):
    """Who contributed does not learn what was voided before the results."""
    work = frozen_submission(jam)
    for verb in ("voided a rating", "published"):
        log.record(verb, work, by=organizer, jam=jam, moment=MOMENTS["counting"])

    def verbs():
        client.force_login(organizer)
        found = client.get(list_page(Act)).context["cl"].queryset
        return set(found.values_list("verb", flat=True))

    at(MOMENTS["counting"])
    assert verbs() == {"voided a rating", "published"}
    work.contributors.create(user=organizer, confirmed_at=MOMENTS["rating"], order=9)
    assert verbs() == {"published"}
    at(RESULTS)
    assert verbs() >= {"voided a rating", "published"}
