"""An operator takes a list away, and loads a schedule that has to be mended first."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from jam.models import Act, ScheduleItem
from jam.timeline import Phase
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = "title,kind,starts_at,description\n"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_is_exported_and_a_schedule_is_loaded(
    visit, is_accessible, tmp_path, viewport, scheme
):
    jam = JamFactory(title="Looking Inside", time_zone="UTC")
    move(jam, Phase.MAKING)
    for title in ("=1+1", "Circuits"):
        SubmissionFactory(jam=jam, title=title)
    operator = UserFactory(is_staff=True, is_superuser=True)
    page = visit(viewport, color_scheme=scheme)
    log_in(page, operator)

    page.goto("/admin/submissions/submission/?q=circuits")
    with page.expect_download() as found:
        page.get_by_role("button", name="Export as CSV").click()
    text = Path(found.value.path()).read_text("utf-8-sig")
    assert found.value.suggested_filename == "submissions-submission.csv"
    assert [row["title"] for row in csv.DictReader(text.splitlines())] == ["Circuits"]
    page.goto("/admin/submissions/submission/")
    with page.expect_download() as found:
        page.get_by_role("button", name="Export as CSV").click()
    assert "'=1+1" in Path(found.value.path()).read_text("utf-8-sig")

    page.goto("/admin/jam/scheduleitem/")
    page.get_by_role("link", name="Load rows from a file").click()
    expect(page.get_by_label("List")).to_have_value("jam.scheduleitem")
    is_accessible(page)
    page.get_by_label("Jam").select_option(jam.slug)
    file = tmp_path / "schedule.csv"
    day = f"{jam.starts_at:%Y-%m-%d}"
    file.write_text(f'{HEAD}Opening,talk,{day} 10:00,"Two\nlines"\nDinner,supper,{day} 19:00,\n')
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it first").click()
    wrong = page.get_by_role("row", name="3 kind supper")
    expect(wrong).to_contain_text("There is no such choice")
    is_accessible(page)
    assert not ScheduleItem.objects.exists()

    expect(page.get_by_label("List")).to_have_value("jam.scheduleitem")
    expect(page.get_by_label("Jam")).to_have_value(jam.slug)
    file.write_text(file.read_text().replace("supper", "social"))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("heading", name="2 rows would be new")).to_be_visible()
    expect(page.get_by_role("row", name="3 Dinner social")).to_be_visible()
    is_accessible(page)
    assert not ScheduleItem.objects.exists()
    page.get_by_role("button", name="Load these rows").click()
    expect(page.get_by_text("2 rows are loaded into Looking Inside.")).to_be_visible()
    expect(page.get_by_text("Dinner").first).to_be_attached()
    page.goto("/admin/jam/scheduleitem/")
    expect(page.get_by_role("link", name="Dinner")).to_be_visible()
    assert ScheduleItem.objects.get(title="Opening").description == "Two\nlines"
    line = Act.objects.get(verb="loaded rows")
    assert line.actor == operator
    assert line.after == {"list": "jam.scheduleitem", "file": "schedule.csv", "rows": 2}
