"""Reports: a private conversation with organizers, of which whoever it is about learns nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from jam import proposing, reporting, services
from jam.errors import Refused
from jam.models import Message, Report, ReportMessage
from jam.reporting import ReportRefusal
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory

pytestmark = pytest.mark.django_db
MAKING = MOMENTS["making"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer", is_staff=True)


@pytest.fixture
def jam(organizer):
    jam = JamFactory()
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def reporter():
    return UserFactory(display_name="Rita Reporter")


@pytest.fixture
def ask(client, at):
    at(MAKING)

    def ask(user, path, data=None):
        client.force_login(user)
        return client.get(path) if data is None else client.post(path, data)

    return ask


def report(target, jam, by, **values):
    return reporting.report(target=target, jam=jam, by=by, reason="Rude", moment=MAKING, **values)


def mails_to(user):
    return list(Message.objects.filter(to=user.email).order_by("pk"))


def refusal_of(act, **values):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(**values, moment=MAKING)
    return refused.value.refusal


def test_a_person_is_reported_from_their_page(jam, organizer, reporter, ask):
    other = ParticipationFactory(jam=jam).user
    path = f"/jams/{jam.slug}/reports/people/{other.pk}/"
    assert path not in ask(reporter, f"/people/{other.pk}/").content.decode()
    ParticipationFactory(jam=jam, user=reporter)
    assert path in ask(reporter, f"/people/{other.pk}/").content.decode()
    assert ask(reporter, path, {"reason": " "}).status_code == 422
    made = ask(reporter, path, {"reason": "They shout 😡"})
    found = Report.objects.get()
    assert (found.about_person, made.url) == (other, found.get_absolute_url())
    assert "They shout 😡" in mails_to(organizer)[0].text
    assert mails_to(other) == []
    assert ask(other, path, {"reason": "x"}).status_code == 422


def test_both_sides_write_and_are_told(jam, organizer, reporter, ask):
    found = report(UserFactory(), jam, reporter)
    path = found.get_absolute_url()
    ask(organizer, path, {"text": "When was it?"})
    assert [mail.kind for mail in mails_to(reporter)] == ["report_answers"]
    assert "When was it?" in mails_to(reporter)[0].text
    ask(reporter, path, {"text": "On Friday."})
    assert "On Friday." in mails_to(organizer)[1].text
    page = ask(organizer, path).content.decode()
    assert page.index("When was it?") < page.index("On Friday.")
    assert ask(reporter, path, {"text": " "}).status_code == 422
    for stranger in (UserFactory(), ParticipationFactory(jam=jam).user):
        assert ask(stranger, path).status_code == 404
        assert ask(stranger, path, {"text": "x"}).status_code == 404
    assert ReportMessage.objects.count() == 2


def test_it_is_closed_and_who_made_it_is_told(jam, organizer, reporter, ask):
    found = report(UserFactory(), jam, reporter)
    inbox = f"/jams/{jam.slug}/reports/"
    ask(organizer, inbox, {"report": found.pk})
    ask(organizer, inbox, {"report": found.pk})
    assert ["is closed" in mail.subject for mail in mails_to(reporter)] == [True]
    assert ask(reporter, found.get_absolute_url(), {"text": "But"}).status_code == 422
    values = {"report": Report.objects.get(), "by": organizer, "text": "x"}
    assert refusal_of(reporting.write, **values) == ReportRefusal.CLOSED
    assert "closed" in ask(reporter, "/account/reports/").content.decode()


def test_an_organizer_who_is_reported_sees_nothing_of_it(jam, organizer, reporter, ask):
    jam.organizers.add(other := UserFactory())
    idea = IdeaFactory(jam=jam, author=organizer, title="Mine")
    by_idea = report(idea, jam, reporter)
    assert mails_to(organizer) == []
    assert len(mails_to(other)) == 1
    inbox = f"/jams/{jam.slug}/reports/"
    assert "Nothing is reported" in ask(organizer, inbox).content.decode()
    assert "Somebody has reported" not in ask(organizer, jam.get_absolute_url()).content.decode()
    assert "Somebody has reported" in ask(other, jam.get_absolute_url()).content.decode()
    assert ask(organizer, by_idea.get_absolute_url()).status_code == 404
    assert ask(organizer, inbox, {"report": by_idea.pk}).status_code == 404
    for act, more in ((reporting.close, {}), (reporting.write, {"text": "x"})):
        values = {"report": by_idea, "by": organizer} | more
        assert refusal_of(act, **values) == ReportRefusal.NOT_THERE
    for listed in ("report", "act"):
        page = ask(organizer, f"/admin/jam/{listed}/").content.decode()
        assert "Rita Reporter" not in page
    assert ask(other, by_idea.get_absolute_url()).status_code == 200


def test_where_no_organizer_is_left_operators_look_into_it(jam, organizer, reporter, ask):
    operator = UserFactory(is_superuser=True, is_staff=True)
    path = f"/jams/{jam.slug}/reports/new/"
    assert "Olga Organizer" in ask(reporter, path).content.decode()
    ask(reporter, path, {"reason": "She shouts", "about": organizer.pk})
    found = Report.objects.get()
    assert (found.about_person, found.target_name) == (organizer, str(jam))
    assert mails_to(organizer) == []
    assert "She shouts" in mails_to(operator)[0].text
    assert ask(organizer, found.get_absolute_url()).status_code == 404
    ask(operator, found.get_absolute_url(), {"text": "Thank you"})
    assert "Thank you" in mails_to(reporter)[0].text


def test_an_operator_who_is_reported_sees_nothing_either(jam, reporter, ask):
    operator = UserFactory(is_superuser=True, is_staff=True)
    found = report(operator, jam, reporter)
    assert ask(operator, found.get_absolute_url()).status_code == 404
    assert "Rita Reporter" not in ask(operator, "/admin/jam/report/").content.decode()
    assert "Rita Reporter" not in ask(operator, "/admin/jam/act/").content.decode()


def test_who_had_something_hidden_answers_the_organizers(jam, organizer, ask):
    author = ParticipationFactory(jam=jam).user
    idea = IdeaFactory(jam=jam, author=author, title="Frogs & <b>")
    proposing.hide(idea=idea, by=organizer, reason="Off topic", moment=MAKING)
    answer = f"/jams/{jam.slug}/reports/new/?re=Frogs%20%26%20%3Cb%3E"
    assert f'href="{answer}"' in ask(author, idea.get_absolute_url()).content.decode()
    assert answer not in ask(organizer, idea.get_absolute_url()).content.decode()
    assert "About “Frogs &amp; &lt;b&gt;”: </textarea>" in ask(author, answer).content.decode()
    ask(author, answer, {"reason": "About “Frogs”: they are on topic"})
    assert "they are on topic" in mails_to(organizer)[-1].text


def test_something_that_is_on_no_page_is_told_to_all(jam, organizer, reporter, ask):
    ask(reporter, f"/jams/{jam.slug}/reports/new/", {"reason": "The door", "about": "nonsense"})
    assert Report.objects.get().about_person is None
    assert len(mails_to(organizer)) == 1
    page = ask(organizer, f"/jams/{jam.slug}/reports/").content.decode()
    assert "The door" in page


def test_lists_ask_a_constant_number_of_statements(
    jam, organizer, reporter, client, ask, django_assert_num_queries
):
    for n in (1, 2):
        for _ in range(n):
            found = report(UserFactory(), jam, reporter)
            reporting.write(report=found, by=reporter, text="And", moment=MAKING)
        for user, path, statements in (
            (organizer, f"/jams/{jam.slug}/reports/", 5),
            (organizer, found.get_absolute_url(), 6),
            (reporter, "/account/reports/", 4),
        ):
            client.force_login(user)
            with django_assert_num_queries(statements):
                client.get(path)
        for _ in range(2):
            reporting.write(report=found, by=reporter, text="And", moment=MAKING)


def test_what_one_wrote_is_in_one_s_own_data(jam, reporter):
    from jam import parts

    found = report(UserFactory(), jam, reporter)
    reporting.write(report=found, by=reporter, text="On Friday.", moment=MAKING)
    held = str([part.personal_data(reporter) for part in parts.all_parts()])
    assert "On Friday." in held
    services.close_account(user=reporter, by=reporter, moment=MAKING)
    assert str(Report.objects.get().by) == "Someone"


def test_the_database_keeps_no_empty_message(jam, reporter):
    found = report(UserFactory(), jam, reporter)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.messages.create(by=reporter, text="", written_at=MAKING)
