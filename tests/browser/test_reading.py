"""Reading a submission whole, in the page: signed out, as its team, and beside the rating form."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam.timeline import Phase
from submissions import freezing, services
from submissions.models import File, Submission
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in
from tests.factories import JamFactory, UserFactory
from tests.submissions.corpus import notebooks, pdfs
from tests.submissions.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "## Question\n\nWhat does it look at, with $e^{i\\pi}$?\n\n" + "Words of the text. " * 400
VIDEO = "https://youtu.be/dQw4w9WgXcQ"


def a_notebook() -> bytes:
    return notebooks.notebook(
        notebooks.markdown("# Experiments\n\n$$x^2$$"),
        notebooks.code(notebooks.stream("".join(f"step {n}\n" for n in range(80)))),
        notebooks.code(notebooks.data(text_html="<table><tr><th></th><td>0.93</td></tr></table>")),
        notebooks.code(notebooks.data(image_png=notebooks.encoded(notebooks.picture()))),
        notebooks.markdown("## Results\n\nThe zebra stands at the end."),
    )


def a_submission() -> Submission:
    """A complete draft with a text, a report, a notebook, a picture and a video."""
    submission = SubmissionFactory(jam=JamFactory(), title="Heads that look away", body=BODY)
    moment = submission.jam.starts_at + timedelta(hours=1)
    submission.links.create(kind="video", url=VIDEO)
    for content, name in (
        (pdfs.with_links(), "report.pdf"),
        (a_notebook(), "experiments.ipynb"),
        (notebooks.picture(), "figure.png"),
    ):
        services.add_file(submission=submission, by=submission.contributors.get().user,
                          upload=ContentFile(content, name), moment=moment)  # fmt: skip
    return submission


def open_document(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Documents").get_by_role("link", name=name).click()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_a_submission_is_read_whole(visit, is_accessible, viewport, scheme):
    submission = a_submission()
    jam, home = submission.jam, submission.get_absolute_url()
    look = {"viewport": viewport, "color_scheme": scheme}

    # The team, before anybody else sees it.
    move(jam, Phase.MAKING)
    author = visit(**look)
    log_in(author, submission.contributors.get().user)
    author.goto(f"{home}preview/")
    open_document(author, "experiments.ipynb")
    expect(author.get_by_role("heading", name="Experiments")).to_be_visible()
    visitor = visit(**look)
    notebook = File.objects.get(kind="notebook")
    read = f"{home}files/{notebook.pk}/read/"
    assert visitor.goto(read).status == 404
    assert visitor.goto(f"{home}search/?q=zebra").status == 404

    # Everybody, once it is in: text, report, notebook, each with an address.
    move(jam, Phase.RATING)
    freezing.close(jam, timezone.now())
    visitor.goto(home)
    is_accessible(visitor)
    expect(visitor.get_by_role("button", name="Load the video")).to_be_visible()
    expect(visitor.locator(".work-image img")).to_be_attached()
    open_document(visitor, "report.pdf")
    expect(visitor.locator(".pdf-text").first).to_contain_text("links of a report")
    expect(visitor).to_have_url(re.compile("/read/"))
    is_accessible(visitor)
    open_document(visitor, "experiments.ipynb")
    expect(visitor.get_by_role("heading", name="Experiments")).to_be_visible()
    expect(visitor.locator(".cell .math .katex").first).to_be_attached()
    visitor.get_by_text("50 more lines").click()
    expect(visitor.get_by_text("step 79")).to_be_visible()
    is_accessible(visitor)
    visitor.go_back()
    expect(visitor.locator(".pdf-text").first).to_contain_text("links of a report")

    # Words are found in all of it, and lead to their place.
    visitor.get_by_label("Find in this submission").fill("zebra")
    visitor.keyboard.press("Enter")
    found = visitor.get_by_role("link", name="experiments.ipynb · Results")
    expect(found).to_be_visible()
    visitor.get_by_label("Find in this submission").fill("second page")
    visitor.keyboard.press("Enter")
    in_report = visitor.get_by_role("link", name="report.pdf · page 2")
    expect(in_report).to_be_visible()
    is_accessible(visitor)
    in_report.click()
    expect(visitor.locator("#page-2 .pdf-text")).to_contain_text("its second page")
    expect(visitor.locator("#page-2")).to_be_in_viewport()
    visitor.goto(f"{read}#cell-4")
    expect(visitor.locator("#cell-4 img")).to_be_in_viewport()

    # Beside the form, whose words stay.
    rater = visit(**look)
    log_in(rater, UserFactory())
    form = f"/jams/{jam.slug}/rate/{submission.pk}/"
    rater.goto(form)
    show(rater, "Your rating")
    rater.get_by_label("What is strong").fill("Typed before reading on")
    for name, place in (("report.pdf", ".pdf-text"), ("experiments.ipynb", "#cell-2")):
        show(rater, "The work")
        open_document(rater, name)
        expect(rater.locator(place).first).to_be_visible()
        is_accessible(rater)
    rater.go_back()
    expect(rater.locator(".pdf-text").first).to_be_visible()
    show(rater, "Your rating")
    expect(rater.get_by_label("What is strong")).to_have_value("Typed before reading on")
    assert rater.url.endswith(form)


def show(page: Page, panel: str) -> None:
    """On a phone work and form are two tabs."""
    tab = page.get_by_role("button", name=panel, exact=True)
    if tab.is_visible():
        tab.click()


def test_without_scripts_all_of_it_is_links(visit):
    submission = a_submission()
    move(submission.jam, Phase.RATING)
    freezing.close(submission.jam, timezone.now())
    page = visit(java_script_enabled=False)
    page.goto(submission.get_absolute_url())
    open_document(page, "experiments.ipynb")
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    open_document(page, "report.pdf")
    expect(page.get_by_text("To read the report, download it")).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    page.get_by_label("Find in this submission").fill("zebra")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="experiments.ipynb · Results").click()
    expect(page.get_by_role("heading", name="Results")).to_be_in_viewport()
    # Beside a form they open in tabs of their own: what was typed stays.
    user = UserFactory()
    rater = visit(java_script_enabled=False)
    log_in(rater, user)
    rater.goto(f"/jams/{submission.jam.slug}/rate/{submission.pk}/")
    rater.get_by_label("What is strong").fill("Typed before reading on")
    with rater.expect_popup() as opened:
        open_document(rater, "experiments.ipynb")
    expect(opened.value.get_by_role("heading", name="Experiments")).to_be_visible()
    expect(rater.get_by_label("What is strong")).to_have_value("Typed before reading on")
