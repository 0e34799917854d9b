"""Files in a real browser: in pieces, through a broken connection, refused, dropped, stripped."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect

from jam.config.demo import files as demo_files
from submissions.models import Upload
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = demo_files.report("Work", ["A"], "We asked", "We looked") + b"% more\n" * 100_000
NOTEBOOK = json.dumps(
    {"nbformat": 4, "metadata": {"authors": [{"name": "Jane Doe"}]}, "cells": []}
).encode()


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch) -> None:
    monkeypatch.setattr("submissions.files.pieces.SIZE", 100_000)


@pytest.fixture
def editor(visit):
    """Open the editor of a draft that may be written to."""

    def open_editor(viewport, **options):
        jam = JamFactory()
        move(jam, "making")
        user = UserFactory()
        own = SubmissionFactory(jam=jam, by=user)
        page = visit(viewport, **options)
        log_in(page, user)
        page.goto(f"/jams/{jam.slug}/submissions/{own.pk}/edit/")
        return page, own

    return open_editor


def of(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_files_come_in_pieces(editor, is_accessible, viewport, scheme):
    page, own = editor(viewport, color_scheme=scheme)
    broken = []

    def break_once(route: Route) -> None:
        if "offset=300000" in route.request.url and len(broken) < 2:
            broken.append(Upload.objects.get().received)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/**", break_once)
    page.get_by_label("Title").fill("Words that stay")
    said = page.locator("[data-uploads-said]")
    page.get_by_label("Add files").set_input_files(of("report.pdf", PDF))
    expect(said).to_have_text("“report.pdf” is stored.", timeout=20_000)
    # What was here before the connection broke was not sent again.
    assert broken == [300_000, 300_000]
    expect(page.locator("#file-list")).to_contain_text("report.pdf")
    assert own.files.get().content.read() == PDF

    page.get_by_label("Add files").set_input_files(
        [of("page.html", b"<html>"), of("work.ipynb", NOTEBOOK)]
    )
    expect(page.locator("[data-uploads]")).to_contain_text("“page.html” was not taken. This is")
    expect(page.locator("#file-list")).to_contain_text("Jane Doe")
    expect(page.get_by_label("Title")).to_have_value("Words that stay")
    is_accessible(page)
    page.get_by_role("button", name="Strip it").click()
    page.wait_for_load_state()
    expect(page.locator("#file-list")).not_to_contain_text("Jane Doe")
    expect(page.get_by_label("Title")).to_have_value("Words that stay")

    # The words that are there are asked about before a README is put in their place.
    page.get_by_role("link", name="Start from a README").click()
    page.get_by_label("A file").set_input_files(of("README.md", b"<h2>From the README</h2>"))
    is_accessible(page)
    page.get_by_role("button", name="Read it").click()
    page.get_by_label("Put the README in its place").check()
    is_accessible(page)
    page.get_by_role("button", name="Put it in").click()
    page.wait_for_url("**/edit/")
    expect(page.get_by_label("Report", exact=True)).to_have_value("## From the README")


def test_an_upload_that_was_left_goes_on_when_the_same_file_is_dropped(editor, is_accessible):
    page, own = editor(DESKTOP)
    page.route("**/uploads/*/?offset=200000", lambda route: route.abort("connectionreset"))
    page.get_by_label("Add files").set_input_files(of("report.pdf", PDF))
    expect(page.locator("[data-uploads]")).to_contain_text("report.pdf: the connection is gone.")
    page.unroute("**/uploads/*/?offset=200000")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#file-list")).to_contain_text("Choose the same file again to go on.")
    is_accessible(page)
    assert Upload.objects.get().received == 200_000
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    dropped = page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "report.pdf"));
            return data;
        }""",
        PDF.decode("ascii"),
    )
    for event in ("dragenter", "drop"):
        page.dispatch_event("[data-uploads-url]", event, {"dataTransfer": dropped})
    expect(page.locator("#file-list")).not_to_contain_text("Not all here yet", timeout=20_000)
    assert not [url for url in sent if url.endswith("offset=0")]
    assert own.files.get().content.read() == PDF


def test_without_scripts_the_form_takes_files_and_words_alike(editor):
    page, own = editor(PHONE, java_script_enabled=False)
    page.get_by_label("Title").fill("Typed without scripts")
    page.get_by_label("Add files").set_input_files([of("report.pdf", PDF), of("a.txt", b"a")])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("body")).to_contain_text("“report.pdf” is stored.")
    expect(page.locator("body")).to_contain_text("“a.txt” was not taken.")
    expect(page.get_by_label("Title")).to_have_value("Typed without scripts")
    assert own.files.count() == 1
