"""The ladder: it ticks while a draft is written, a rater runs the work, readers see what came."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jam.timeline import Phase
from ratings import freezing as ratings_freezing
from ratings.models import Attestation
from submissions import freezing
from tests.browser.conftest import DESKTOP, PHONE, move
from tests.browser.test_life_of_a_jam import log_in, show_verdict
from tests.factories import JamFactory, UserFactory
from tests.ratings.factories import rate
from tests.submissions.factories import SubmissionFactory
from tests.submissions.making import code, notebook, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTEBOOK = notebook(
    words("How to run it"),
    code("%pip install numpy==1.26.4", 1),
    code("rng = default_rng(1)\nrng.normal()", 2, "0.3"),
)


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_from_the_draft_to_the_reader(visit, is_accessible, viewport, scheme):
    look = {"viewport": viewport, "color_scheme": scheme}
    jam = JamFactory()
    ada, bob = UserFactory(display_name="Ada"), UserFactory(display_name="Bob")
    submission = SubmissionFactory(jam=jam, by=ada, title="Small circuits")
    here = f"/jams/{jam.slug}/submissions/{submission.pk}/"

    # Drafting: what is missing is said, and ticks as it comes.
    move(jam, Phase.MAKING)
    author = visit(**look)
    log_in(author, ada)
    author.goto(f"{here}edit/")
    ladder = author.locator("#ladder")
    expect(ladder.get_by_text("Upload a notebook or the code as a zip")).to_be_visible()
    is_accessible(author)
    author.get_by_label("Add files").set_input_files(
        {"name": "n.ipynb", "mimeType": "application/x-ipynb+json", "buffer": NOTEBOOK}
    )
    expect(ladder.locator("[aria-current]")).to_contain_text("Something to run, and described")
    expect(ladder.get_by_text("It says where the data are from")).to_be_visible()
    author.get_by_label("Report").fill("## Data\n\nMade by the notebook.")
    expect(ladder.locator("[aria-current]")).to_contain_text("a stranger could run it")
    is_accessible(author)

    # Rating: beside the criterion, and a word on running it.
    jam.refresh_from_db()
    move(jam, Phase.RATING)
    assert freezing.close(jam, jam.ratings_open_at)
    rater = visit(**look)
    log_in(rater, bob)
    rater.goto(f"/jams/{jam.slug}/rate/{submission.pk}/")
    show_verdict(rater)
    rater.locator(".ladder-box > summary").click()
    expect(rater.locator("#ladder [aria-current]")).to_contain_text("a stranger could run it")
    is_accessible(rater)
    rater.get_by_role("link", name="I ran it, or tried to").click()
    rater.get_by_label("ran with changes").check()
    rater.get_by_label("Where you ran it").fill("Laptop, Python 3.12")
    rater.get_by_label("Minutes").fill("25")
    rater.get_by_role("button", name="Say that I ran it").click()
    expect(rater.get_by_text("Say what you had to change")).to_be_visible()
    expect(rater.get_by_label("Where you ran it")).to_have_value("Laptop, Python 3.12")
    is_accessible(rater)
    rater.get_by_label("A word").fill("One path was of another system.")
    rater.get_by_label("Show my name").check()
    rater.get_by_role("button", name="Say that I ran it").click()
    show_verdict(rater)
    expect(rater.get_by_text("You said: ran with changes.")).to_be_visible()
    assert Attestation.objects.get().rater == bob

    # Nobody else reads it before the results; then everybody does.
    reader = visit(**look)
    reader.goto(here)
    expect(reader.locator("#reproducibility")).to_contain_text("Level 2 of 4")
    expect(reader.locator("#reproducibility")).not_to_contain_text("Laptop")
    submission.refresh_from_db()
    rate(submission, 3, 3, 3, 3, 3, moment=jam.ratings_open_at)
    jam.refresh_from_db()
    move(jam, Phase.FINISHED)
    assert ratings_freezing.results_of(jam, jam.results_at)
    reader.goto(here)
    expect(reader.locator("#reproducibility")).to_contain_text("Level 3 of 4: One person ran it.")
    expect(reader.locator("#reproducibility")).to_contain_text("One path was of another system.")
    expect(reader.locator("#reproducibility")).to_contain_text("Bob")
    reader.locator("#reproducibility .ladder-box > summary").click()
    is_accessible(reader)
