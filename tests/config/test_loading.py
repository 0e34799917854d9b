"""Rows are loaded into the lists of a jam from files: all or none, by the rules, with a line in the
log."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jam import loading, table_files
from jam.models import Act, Host, Jam, Resource, ScheduleItem, SignUpQuestion
from ratings.models import Criterion, Prize
from sites.models import LocalSite
from submissions.models import Question, Track
from tests.config.test_admin_exports import bytes_of, rows_of, take
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.jam.factories import HostFactory, ResourceFactory, ScheduleItemFactory
from tests.sites.factories import LocalSiteFactory

pytestmark = pytest.mark.django_db
# What spreadsheets, files and forms each have trouble with.
AWKWARD = 'Über “quotes” "and", commas; tabs\t– 🥐'
FORMULA = "=HYPERLINK(1)"
HEAD = "title,kind,starts_at,ends_at\n"
GOOD = "Keynote,keynote,2030-05-03 18:30,2030-05-03 19:30\n"


@pytest.fixture(autouse=True)
def _now(at):
    at(MOMENTS["announced"])


@pytest.fixture
def jam() -> Jam:
    return JamFactory(title="Looking Inside", slug="looking-inside", time_zone="Europe/Copenhagen")


@pytest.fixture
def operator(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def choose(
    client: Client, jam: Jam, kind: type, content: str | bytes, name: str = "rows.csv"
) -> Any:
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    label = kind._meta.label_lower
    return client.post(reverse("admin_load"), {"kind": label, "jam": jam.slug, "file": file})


def confirm(client: Client, seen: Any) -> Any:
    """What the page that was seen would post."""
    assert seen.status_code == 200, said(seen)
    told = seen.context
    return client.post(
        reverse("admin_load"),
        {"kind": told["plan"].kind.name, "jam": told["jam"].slug,
         "name": told["plan"].sheet.name, "text": told["seen"]},
    )  # fmt: skip


def said(response: Any) -> list[str]:
    """What is wrong, as the page says it."""
    context = response.context
    errors = [each for found in context["form"].errors.values() for each in found]
    wrong = [f"{each.number} {each.column}: {each.text}" for each in context.get("wrong") or ()]
    return [str(each) for each in (context.get("trouble"),) if each] + errors + wrong


def refused(response: Any) -> str:
    assert response.status_code == 422
    found = said(response)
    page = response.content.decode()
    assert found
    assert "Traceback" not in page
    assert 'value="Load these rows"' not in page
    assert not ScheduleItem.objects.exists()
    assert not Act.objects.filter(verb="loaded rows").exists()
    return "\n".join(found)


# -- there and back --------------------------------------------------------------------------------


def something_of(jam: Jam) -> None:
    """Rows of each kind, with what makes files awkward in them."""
    track = Track.objects.create(jam=jam, name="Tools", description=AWKWARD)
    site = LocalSiteFactory(jam=jam, name="Harbour", latitude="-1.50000", longitude="2.25000")
    for n, text in enumerate((AWKWARD, FORMULA, "- a\r\n- b", "'quoted", "'=quoted", "plain")):
        HostFactory(jam=jam, name=text, order=n)
        ScheduleItemFactory(
            jam=jam, title=text, speaker=text, description=text, place="+45 1234",
            ends_at=None, stream_url="https://example.org/?a=1,2",
        )  # fmt: skip
        ResourceFactory(
            jam=jam, title=text, description=text, section="a" if n < 3 else "b", order=n,
            starts_here=n == 1, minutes=n or None, level=("", "expert")[n % 2],
        )  # fmt: skip
        for model in (SignUpQuestion, Question):
            is_choice = n % 2 == 0
            model.objects.create(
                jam=jam, text=text, kind="choice" if is_choice else "short", order=n,
                options="one\ntwo" if is_choice else "", help_text=text, is_required=is_choice,
            )  # fmt: skip
        Track.objects.create(jam=jam, name=f"{text}", order=n + 1)
        Criterion.objects.create(
            jam=jam, name=text, question=text, weight=n + 1, order=20 + n, guidance_1=text,
            judges_only=n == 0, shows_ladder=False,
        )  # fmt: skip
        of = {0: {"kind": "track", "track": track}, 1: {"kind": "site", "site": site}}
        Prize.objects.create(jam=jam, title=text, giver=text, order=n, **of.get(n, {}))


KINDS = [Host, ScheduleItem, Resource, SignUpQuestion, Track, Question, Criterion, Prize, LocalSite]


def told(kind: loading.Kind, jam: Jam) -> list[tuple]:
    rows = kind.model.objects.filter(jam=jam).defer(None)
    return sorted(map(repr, (loading._said(kind, row) for row in rows))) if rows else []


def test_every_kind_is_tried():
    assert {kind.model for kind in loading.kinds().values()} == set(KINDS)


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("model", KINDS)
def test_what_was_exported_and_emptied_is_loaded_again(client, operator, jam, model, form):
    Criterion.objects.filter(jam=jam).delete()
    something_of(jam)
    kind = loading.kinds()[model._meta.label_lower]
    file = bytes_of(take(client, model, form))
    before, names = told(kind, jam), [str(row) for row in model.objects.filter(jam=jam)]
    assert before
    model.objects.filter(jam=jam).delete()
    if model is LocalSite or model is Track:
        Prize.objects.filter(jam=jam).delete()
    seen = choose(client, jam, model, file, f"rows.{form}")
    assert not model.objects.filter(jam=jam).exists()
    done = confirm(client, seen)
    assert done.status_code == 302
    assert told(kind, jam) == before
    # In the order in which they were.
    assert [str(row) for row in model.objects.filter(jam=jam)] == names
    line = Act.objects.get(verb="loaded rows")
    assert (line.actor, line.jam) == (operator, jam)
    assert line.after == {
        "list": model._meta.label_lower, "file": f"rows.{form}", "rows": len(before)
    }  # fmt: skip
    # Once more: all of it is there.
    again = choose(client, jam, model, file, f"rows.{form}")
    assert again.status_code == 422
    assert said(again) == ["All of it is there already."]
    # And the button pressed a second time.
    assert confirm(client, seen).status_code == 422
    assert told(kind, jam) == before


def test_nothing_is_kept_before_it_was_seen(client, operator, jam):
    acts = Act.objects.count()
    seen = choose(client, jam, ScheduleItem, HEAD + GOOD)
    assert seen.status_code == 200
    assert "Keynote" in seen.content.decode()
    assert not ScheduleItem.objects.exists()
    assert Act.objects.count() == acts
    assert confirm(client, seen).status_code == 302
    item = ScheduleItem.objects.get()
    # By the clock of the jam.
    assert item.starts_at == datetime(2030, 5, 3, 16, 30, tzinfo=UTC)
    assert set(Act.objects.filter(jam=jam).values_list("verb", flat=True)) == {
        "added", "loaded rows"
    }  # fmt: skip


def test_rows_are_added_to_those_that_are_there(client, operator, jam):
    HostFactory(jam=jam, name="First")
    seen = choose(client, jam, Host, "name;url\nSecond;example.org\nFirst;\n")
    assert seen.context["plan"].there == [3]
    confirm(client, seen)
    assert [host.name for host in jam.hosts.all()] == ["First", "Second"]
    assert jam.hosts.get(name="Second").url == "https://example.org"


# -- what is wrong, and where ----------------------------------------------------------------------


def test_what_is_wrong_is_told_by_row_and_column(client, operator, jam):
    rows = (
        GOOD
        + "\n"  # an empty line counts as one
        + ",talk,2030-05-03 18:30,\n"
        + "Talk,speech,2030-05-03 18:30,\n"
        + "Talk,talk,yesterday,\n"
        + "Talk,talk,2030-05-03 18:30,2030-05-03 18:00\n"
        + "Talk,talk,2050-05-03 18:30,\n"
        + "=1+1,talk,2030-05-03 18:30,\n"
        + "Talk,talk,2030-03-31 02:30,\n"
        + GOOD
    )
    told = refused(choose(client, jam, ScheduleItem, HEAD + rows)).split("\n")
    assert [line.partition(":")[0] for line in told] == [
        "4 title", "5 kind", "6 starts_at", "7 ", "8 starts_at", "9 title", "10 starts_at", "11 "
    ]  # fmt: skip
    assert "required" in told[0]
    assert "keynote, talk" in told[1]
    assert "It must end after it starts." in told[3]
    assert "look at the year" in told[4]
    assert "formula" in told[5]
    assert "Clocks change" in told[6]
    assert "Row 2 says the same" in told[7]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no row"),
        (b"\n\n\n", "no row"),
        (HEAD.encode(), "no row"),
        (b"PK\x03\x04 a workbook", "CSV UTF-8"),
        ("title,kind,starts_at\nÜber,talk,2030-05-03\n".encode("latin-1"), "not in UTF-8"),
        (b"\xff\xfe\x00", "not in UTF-8"),
        (b"title\x00,kind\nx,talk\n", "Line 1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not in UTF-8"),
        (b"%PDF-1.7\n\x01\x02", "Line 2"),
        (b"titel,kind\nx,talk\n", "“titel”"),
        (b"title,kind,password\nx,talk,y\n", "“password”"),
        (b"title,title,kind\nx,y,talk\n", "several columns of one name: title"),
        (b"title,,kind\nx,y,talk\n", "no name"),
        (b"title,kind\nx,talk,more\n", "Row 2 has more cells"),
        (b'title,kind\n"x,talk\n', "Row 2"),
        (b'title,kind\n"x"y,talk\n', "Row 2"),
        (b"title\n" + b"x" * 140_000 + b"\n", "Row 2"),
        (b"title,kind,jam\nx,talk,Another jam\n", "another jam"),
        (b"title,kind,starts_at,cancelled_at\nx,talk,2030-05-03,2030-05-03\n", "was cancelled"),
        (b"[", "not JSON"),
        (b"{}", "list of objects"),
        (b"[1]", "list of objects"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "no row"),
        (b'[{"title": {"a": 1}}]', "Row 1"),
        (b'[{"title": "\\ud800", "kind": "talk"}]', "Row 1"),
        (b'[{"title": "\\u0000", "kind": "talk"}]', "Row 1"),
        (b'[{"\\ud800": "x"}]', "Row 1"),
        (b'[{"title": ' + b"9" * 5000 + b"}]", "JSON"),
        (b'[{"titel": "x"}]', "“titel”"),
        ((HEAD + GOOD * 401).encode(), "more than 400"),
        ((HEAD + GOOD * 10_000).encode(), "more than 400"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_loaded_says_why(client, operator, jam, content, words):
    assert words in refused(choose(client, jam, ScheduleItem, content))


def test_a_huge_file_is_not_read(client, operator, jam, monkeypatch):
    monkeypatch.setattr(table_files, "decoded", None)
    told = refused(choose(client, jam, ScheduleItem, b"title\n" + b"x" * 50_000_000))
    assert "50000 kB" in told


def test_any_file_that_may_be_chosen_can_be_confirmed(client, operator, jam):
    # Each of these is two characters in what the page carries along.
    text = "x\\\n" * 3_000
    content = HEAD.rstrip() + ",description\n"
    n = 0
    while len(content) < table_files.MOST_BYTES - 10_000:
        n += 1
        content += f'Talk {n},talk,2030-05-03 18:30,,"{text}"\n'
    seen = choose(client, jam, ScheduleItem, content)
    done = confirm(client, seen)
    assert done.status_code == 302
    assert ScheduleItem.objects.count() == n


def test_what_is_written_in_wide_letters_is_read(client, operator, jam):
    content = (HEAD + GOOD).replace(",", "\t").encode("utf-16")
    assert confirm(client, choose(client, jam, ScheduleItem, content)).status_code == 302
    assert ScheduleItem.objects.get().title == "Keynote"


def test_a_list_has_an_end(client, operator, jam):
    rows = "".join(f"Host {n}\n" for n in range(41))
    told = choose(client, jam, Host, "name\n" + rows)
    assert said(told) == ["With these there would be 41; a jam has 40 at most."]
    items = [ScheduleItemFactory.build(jam=jam) for _ in range(399)]
    ScheduleItem.objects.bulk_create(items)
    more = HEAD + GOOD + GOOD.replace("Keynote", "Another")
    assert "401" in said(choose(client, jam, ScheduleItem, more))[0]


def test_what_no_two_rows_share_is_told(client, operator, jam):
    Track.objects.create(jam=jam, name="Tools")
    told = said(choose(client, jam, Track, "name,description\nTools,x\nOther,x\nOther,y\n"))
    assert told[0].startswith("2 ")
    assert told[1] == "4 name: Row 3 says the same."
    two = "name,shows_ladder\nOne,true\nTwo,yes\n"
    Criterion.objects.filter(jam=jam).delete()
    assert choose(client, jam, Criterion, two).status_code == 422
    assert not jam.criteria.exists()


def test_rows_of_other_jams_are_not_found(client, operator, jam):
    other = JamFactory()
    Track.objects.create(jam=other, name="Theirs")
    content = "title,kind,track\nBest,track,Theirs\n"
    assert "no such choice" in said(choose(client, jam, Prize, content))[0]
    Track.objects.create(jam=jam, name="Ours")
    confirm(client, choose(client, jam, Prize, content.replace("Theirs", "ours")))
    assert Prize.objects.get().track.jam == jam


def test_a_name_of_several_rows_names_none(client, operator, jam):
    for _ in range(2):
        LocalSiteFactory(jam=jam, name="Library")
    LocalSiteFactory(jam=jam, name="Town hall")
    content = "title,kind,site\nBest here,site,Library\n"
    told = said(choose(client, jam, Prize, content))
    assert told == ["2 site: Several have this name, so that it does not say which one."]
    confirm(client, choose(client, jam, Prize, content.replace("Library", "town hall")))
    assert Prize.objects.get().site.name == "Town hall"


# -- who may, and when -----------------------------------------------------------------------------


def test_staff_load_into_jams_that_they_organize(client, jam):
    organizer = UserFactory(is_staff=True)
    jam.organizers.add(organizer)
    other = JamFactory()
    client.force_login(organizer)
    page = client.get(reverse("admin_load"))
    assert list(page.context["form"].fields["jam"].queryset) == [jam]
    assert choose(client, other, ScheduleItem, HEAD + GOOD).status_code == 422
    seen = choose(client, jam, ScheduleItem, HEAD + GOOD)
    told = seen.context
    forged = {"kind": "jam.scheduleitem", "jam": other.slug, "name": "x", "text": told["seen"]}
    assert client.post(reverse("admin_load"), forged).status_code == 422
    assert not ScheduleItem.objects.exists()
    assert confirm(client, seen).status_code == 302
    assert jam.schedule.count() == 1


def test_others_do_not(client, jam):
    person = UserFactory()
    jam.organizers.add(person)
    client.force_login(person)
    assert client.get(reverse("admin_load")).status_code == 302
    assert choose(client, jam, ScheduleItem, HEAD + GOOD).status_code == 302
    assert not ScheduleItem.objects.exists()


@pytest.mark.parametrize(
    ("model", "phase", "content"),
    [(Criterion, "rating", "name\nLate\n"), (Prize, "finished", "title\nLate\n")],
)
def test_what_is_fixed_stays(client, operator, jam, at, model, phase, content):
    there = model.objects.filter(jam=jam).count()
    seen = choose(client, jam, model, content)
    at(MOMENTS[phase])
    client.force_login(operator)
    # Also where it was seen in time.
    for answer in (choose(client, jam, model, content), confirm(client, seen)):
        assert answer.status_code == 422
        assert said(answer)
    assert model.objects.filter(jam=jam).count() == there


@pytest.mark.parametrize(
    "model", ["ratings.rating", "ratings.score", "jam.user", "jam.act", "submissions.revision",
              "ratings.results", "jam.jam", "x", ""],
)  # fmt: skip
def test_nothing_else_can_be_loaded(client, operator, jam, model):
    file = io.BytesIO(b"id\n1\n")
    file.name = "x.csv"
    answer = client.post(reverse("admin_load"), {"kind": model, "jam": jam.slug, "file": file})
    assert answer.status_code == 422
    assert not Act.objects.filter(verb="loaded rows").exists()


@pytest.mark.parametrize(
    "text", ["", "1", "[]", "{}", '"', '"title"', "null", '"\\ud800"', '"title,kind\\nx,talk"',
             "[" * 100_000, "9" * 5000],
)  # fmt: skip
def test_what_no_page_would_post_is_refused(client, operator, jam, text):
    told = {"kind": "jam.scheduleitem", "jam": jam.slug, "name": "x", "text": text}
    assert client.post(reverse("admin_load"), told).status_code == 422
    for left in told:
        some = {name: value for name, value in told.items() if name != left}
        assert client.post(reverse("admin_load"), some).status_code == 422


def test_sites_come_approved_and_closed(client, operator, jam):
    content = ("name,venue,address,city,country,time_zone,capacity\n"
               "Harbour,Room 4,Street 9,Aarhus,Denmark,Europe/Copenhagen,12\n")  # fmt: skip
    confirm(client, choose(client, jam, LocalSite, content))
    site = LocalSite.objects.as_of(MOMENTS["announced"]).get()
    assert site.state == LocalSite.State.CLOSED
    assert site.country.code == "DK"
    assert not site.organizers.exists()
    assert site.agreed_at is None


def test_a_row_that_is_removed_meanwhile_stays_removed(client, operator, jam):
    host = HostFactory(jam=jam, name="Gone")
    seen = choose(client, jam, Host, "name\nNew\n")
    host.delete()
    confirm(client, seen)
    assert [each.name for each in jam.hosts.all()] == ["New"]


def test_lists_lead_to_it(client, operator, jam):
    ScheduleItemFactory(
        jam=jam, starts_at=jam.starts_at, ends_at=jam.starts_at + timedelta(hours=1)
    )
    page = client.get(reverse("admin:jam_scheduleitem_changelist")).content.decode()
    assert f"{reverse('admin_load')}?kind=jam.scheduleitem" in page
    page = client.get(reverse("admin:jam_act_changelist")).content.decode()
    assert reverse("admin_load") not in page
    page = client.get(reverse("admin:jam_jam_change", args=[jam.pk])).content.decode()
    assert f"{reverse('admin_load')}?jam=looking-inside" in page
    assert rows_of(client, ScheduleItem)
