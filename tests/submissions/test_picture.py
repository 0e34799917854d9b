"""The picture of a submission: of every script, drawn once, for everybody after the closing."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from jam import drawing, lettering
from submissions import picture
from submissions.models import Submission
from submissions.picture import Drawn
from tests.factories import MOMENTS, JamFactory
from tests.submissions.citing.works import AWKWARD, NAMES
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in


def opened(content: bytes) -> Image.Image:
    drawn = Image.open(io.BytesIO(content))
    drawn.load()
    return drawn


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_it_is_of_one_size_and_small_whoever_made_the_work(names):
    title = " ".join(names)[:160] or AWKWARD
    content = picture.draw(Drawn(title, tuple(names), "A jam", "seed", 265))
    assert opened(content).size == (1200, 630)
    assert len(content) < 80_000


@pytest.mark.parametrize("seed", range(14))
def test_every_family_of_covers_is_drawn(seed):
    drawn = drawing.cover(seed, 30, 320, 180)
    assert drawn.size == (320, 180)
    assert len(drawn.getcolors(100_000)) > 3


def test_tones_are_those_of_the_style_sheets():
    assert drawing.rgb(1, 0, 0) == (255, 255, 255)
    assert drawing.rgb(0, 0, 0) == (0, 0, 0)
    # As browsers compute oklch(0.628 0.2577 29.23), which is pure red.
    assert drawing.rgb(0.62796, 0.25768, 29.234) == (255, 0, 0)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ada", [("Ada", "inter-latin-400-normal", False)]),
        ("Łódź", [("Ł", "inter-latin-ext-400-normal", False),
                  ("ód", "inter-latin-400-normal", False),
                  ("ź", "inter-latin-ext-400-normal", False)]),
        # Read from the right: what is read first stands last.
        ("אב 12 גד", [("גד", "noto-sans-hebrew-hebrew-400-normal", True),
                      (" ", "inter-latin-400-normal", True),
                      ("12", "inter-latin-400-normal", False),
                      (" ", "inter-latin-400-normal", True),
                      ("אב", "noto-sans-hebrew-hebrew-400-normal", True)]),
        ("さく", [("さく", "noto-sans-jp-japanese-400-normal", False)]),
        ("👩‍🔬", [("👩‍🔬", "noto-emoji-emoji-400-normal", False)]),
    ],
)  # fmt: skip
def test_a_line_in_pieces_of_one_font(text, pieces):
    found = lettering.runs(text, lettering.TEXT)
    assert [(run.text, run.font, run.is_from_right) for run in found] == pieces


def test_a_line_goes_the_way_of_its_text():
    assert [run.text[0] for run in lettering.runs("A א", lettering.TEXT)] == ["A", "א"]
    from_right = lettering.runs("A א", lettering.TEXT, from_right=True)
    assert [run.text[0] for run in from_right] == ["א", " ", "A"]


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("aa bb cc", 3, ["aa bb", "cc"]),
        ("aa bb cc", 1, ["aa b…"]),
        ("abcdefgh", 2, ["abcde", "fgh"]),
        ("e\u0301" * 6, 3, ["e\u0301" * 2, "e\u0301" * 2, "e\u0301" * 2]),
        ("", 1, [""]),
    ],
)
def test_lines_break_at_spaces_and_where_a_word_is_too_long(text, most, lines):
    assert lettering.shortened(text, len, 5, most) == lines


# -- its address -----------------------------------------------------------------------------


def url_of(submission: Submission) -> str:
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/picture.png"


@pytest.mark.django_db
def test_it_is_drawn_once_and_anew_when_what_it_shows_changes(client, at, monkeypatch):
    at(MOMENTS["rating"])
    submission = frozen_submission(JamFactory())
    first = client.get(url_of(submission))
    assert first["Content-Type"] == "image/png"
    assert first["Cache-Control"] == "public, max-age=600"
    assert default_storage.exists(picture.drawn_of(submission).path)
    monkeypatch.setattr(picture, "draw", lambda drawn: b"drawn again")
    assert client.get(url_of(submission)).content == first.content
    Submission.objects.update(title="The draft goes on")
    assert client.get(url_of(submission)).content == first.content
    submission.jam.hue = 7
    submission.jam.save()
    assert client.get(url_of(submission)).content == b"drawn again"


@pytest.mark.django_db
def test_a_full_disk_keeps_nobody_from_seeing_it(client, at, monkeypatch, without_log):
    def full(*args):
        raise OSError(28, "No space left on device")

    at(MOMENTS["rating"])
    submission = frozen_submission(JamFactory())
    monkeypatch.setattr(default_storage, "save", full)
    assert opened(client.get(url_of(submission)).content).size == (1200, 630)


@pytest.mark.django_db
def test_before_the_closing_there_is_none_and_of_drafts_never(client, at):
    submission = SubmissionFactory()
    hand_in(submission)
    at(MOMENTS["making"])
    client.force_login(submission.contributors.get().user)
    assert client.get(url_of(submission)).status_code == 404


@pytest.mark.django_db
def test_whoever_has_too_many_drawn_is_asked_to_wait(client, at, monkeypatch):
    at(MOMENTS["rating"])
    monkeypatch.setattr("submissions.views.citing.MOST_DRAWN_AN_HOUR", 1)
    jam = JamFactory()
    first, second = frozen_submission(jam), frozen_submission(jam)
    assert client.get(url_of(first)).status_code == 200
    assert client.get(url_of(second)).status_code == 403
    assert client.get(url_of(first)).status_code == 200
