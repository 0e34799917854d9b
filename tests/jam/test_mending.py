"""What was decoded wrongly on the way here is offered repaired; what people write is never taken
for it."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse

from jam import mending
from jam.models import Idea
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.submissions.factories import SubmissionFactory

NO_LINKS = {"links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}
# Sentences as people write them, each with the signs of its language.
RIGHT = {
    "Arabic": "مرحبًا بالعالم، كيف حالك؟ ١٢٣",
    "Bengali": "আমি বাংলায় লিখি, তুমি?",
    "Chinese": "我們在週末做了一個小實驗：𠮷野家。",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy…",
    "Danish": "Blåbærgrød på Ærø – “sådan” skal det være",
    "Dutch": "Coördinatie, geïnteresseerd, één café",
    "English": "It’s naïve — “a résumé”, 5 × 3 = 15 €, £5 © 2026",
    "Finnish": "Äiti söi mämmiä yössä",
    "French": "« Ça va ? » À bientôt à l’été, cœur « été»",
    "German": "Größe – Übermaß „süß“ Ähre ÄÖÜ",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία…",
    "Hebrew": "שָׁלוֹם עוֹלָם, מה שלומך?",
    "Hindi": "नमस्ते दुनिया, क्या हाल है?",
    "Hungarian": "Árvíztűrő tükörfúrógép",
    "Icelandic": "Kæmi ný öxi hér, ykist þjófum nú bæði víl og ádrepa",
    "Italian": "Perché è così? Sarà più caffè… «già»",
    "Japanese": "日本語のテスト、ｶﾀｶﾅもﾊﾟも😀",
    "Korean": "다람쥐 헌 쳇바퀴에 타고파",
    "Polish": "Zażółć gęślą jaźń „tak”",
    "Portuguese": "VOCÊ NÃO VÊ A NAÇÃO? À SÃO PAULO, AÇÃO",
    "Romanian": "Înțelegând „șosea” și țară",
    "Russian": "Съешь ещё этих мягких французских булок — «да»",
    "Spanish": "¿Qué? ¡Sí! El pingüino Wenceslao hizo kilómetros, ñandú",
    "Swedish": "Flygande bäckasiner söka hwila på mjuka tuvor, Å Ä Ö",
    "Thai": "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
    "Turkish": "Pijamalı hasta, yağız şoföre çabucak güvendi: İI ıi",
    "Ukrainian": "Чуєш їх, доцю, га? Кумедна ж ти, ґедзю!",
    "Vietnamese": "Đỗ Thế Vĩnh: Ước mơ, nghĩ, thường, ngữ",
    "Emoji": "👩🏽‍🔬 🏳️‍🌈 🚀 e\u0301 ✓ … √2 ≥ ½ °C ± µ",
    "Maths": "$\\hat{θ} ± 0.5σ$ × 10⁻³, x̂ ∈ ℝⁿ, ‖a‖ ≤ 1",
    "Code": "`s = 'Ã'` prints Ã; Â is a letter, É».",
}
# As they come out when UTF-8 is read as Windows' letters.
WRONG = {
    "ðŸš€ launch": "🚀 launch",
    "cafÃ©": "café",
    "donâ€™t": "don’t",
    "Zürich â€“ 2023": "Zürich – 2023",
    "ÃƒÂ©tÃƒÂ©": "été",
    "Ã¢â‚¬â„¢tis": "’tis",
    "Â£5 Â© 2020": "£5 © 2020",
    "l'Ã©tÃ© Ã  Paris": "l'été à Paris",
    "ZaÅ¼Ã³Å‚Ä‡": "Zażółć",
    "à¸ªà¸§à¸±à¸ªà¸”à¸µ": "สวัสดี",
    "æ—¥æœ¬èªž": "日本語",
    "Right: été\nwrong: Ã©tÃ©\n😀": "Right: été\nwrong: été\n😀",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_what_people_write_is_left_alone(text):
    assert mending.mended(text) == text
    assert not list(mending.odd_lines(form(text), set()))


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_the_same_read_wrongly_is_seen_and_repaired(text):
    """As browsers read it: bytes for which Windows has no letter are themselves."""
    line = text.split("\n")[0]
    once = line.encode().decode("sloppy-windows-1252")
    if once == line:
        pytest.skip("is the same either way")
    assert mending.mended(once) == line
    assert list(mending.odd_lines(form(once), set())) == [mending.Odd(once.strip(), line.strip())]


@pytest.mark.parametrize(("typed", "meant"), WRONG.items())
def test_what_was_decoded_wrongly_is_repaired(typed, meant):
    assert mending.mended(typed) == meant
    assert list(mending.odd_lines(form(typed), set()))


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_composing_changes_no_sign_that_stands_alone(text):
    apart = unicodedata.normalize("NFD", text)
    once = mending.composed(apart)
    assert unicodedata.normalize("NFC", once) == unicodedata.normalize("NFC", text)
    assert mending.composed(once) == once


def test_composing_keeps_the_variants_that_names_are_written_with():
    assert mending.composed("cafe\u0301") == "café"
    # Unicode holds each for the same as another sign; the people who write them do not.
    for name in ("\ufa19谷", "\u212b", "\U0002f81a"):
        assert mending.composed(name) == name


def form(text: str) -> QueryDict:
    words = QueryDict(mutable=True)
    words["text"] = text
    return words


@pytest.fixture
def page(client, at):
    """A form to write into: an idea of a jam that the reader takes part in."""
    at(MOMENTS["making"])
    user, jam = UserFactory(), JamFactory()
    ParticipationFactory(jam=jam, user=user)
    client.force_login(user)
    return f"/jams/{jam.slug}/ideas/propose/"


def hidden(page: str, choice: str) -> dict[str, str]:
    """What the button of `choice` sends."""
    for text in re.findall(r"<form method=\"post\" action=\"/jams.*?</form>", page, re.DOTALL):
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
        values = {name: unescape(value) for name, value in found}
        if values["mending"] == choice:
            return values
    raise AssertionError(choice)


TYPED = {"title": "donâ€™t & “b”", "text": "One line.\r\n\r\nÃ©tÃ©, 日本語", "tags": "a, b"}


@pytest.mark.django_db
def test_both_are_shown_and_nothing_is_stored_until_one_is_chosen(client, page):
    answer = client.post(page, TYPED)
    shown = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "donâ€™t & “b”" in shown
    assert "don’t & “b”" in shown
    assert not Idea.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "title", "text"),
    [
        ("mended", "don’t & “b”", "One line.\r\n\r\nété, 日本語"),
        ("typed", TYPED["title"], TYPED["text"]),
    ],
)
def test_either_is_stored_as_chosen(client, page, choice, title, text):
    words = hidden(client.post(page, TYPED).content.decode(), choice)
    assert client.post(page, words).status_code == 302
    idea = Idea.objects.get()
    assert (idea.title, idea.text) == (title, text)


@pytest.mark.django_db
def test_what_was_meant_so_is_not_asked_about_again(client, page):
    words = hidden(client.post(page, TYPED).content.decode(), "typed")
    client.post(page, words)
    edit = f"{Idea.objects.get().get_absolute_url()}edit/"
    assert client.post(edit, TYPED | {"title": TYPED["title"]}).status_code == 302
    assert client.post(edit, TYPED | {"title": "naÃ¯ve"}).status_code == 422


@pytest.mark.django_db
def test_no_password_is_written_into_a_page(client):
    signing_up = {"display_name": "JosÃ©", "email": "a@b.example", "password1": "Ã©-secret-words"}
    answer = client.post(reverse("account_signup"), signing_up)
    assert answer.status_code == 422
    assert "secret-words" not in answer.content.decode()
    assert "José" in answer.content.decode()


@pytest.mark.django_db
def test_names_are_found_however_their_accents_were_typed(client, page):
    client.post(page, {"title": "Cafe\u0301 Zürich", "text": "x"})
    assert Idea.objects.get().title == "Café Zürich"
    found = client.get(page.removesuffix("propose/"), {"q": "cafe\u0301"}).content.decode()
    assert "Café Zürich" in found


@pytest.mark.django_db
def test_what_is_saved_or_handed_in_is_never_held_up_but_told(client, at):
    at(MOMENTS["making"])
    draft = SubmissionFactory()
    client.force_login(draft.contributors.get().user)
    page = f"/jams/{draft.jam.slug}/submissions/{draft.pk}"
    names = ("title", "abstract", "body", "tags", "licence", "commit")
    words = {name: getattr(draft, name) for name in names} | NO_LINKS | {"body": "donâ€™t"}

    json = {"Accept": "application/json"}
    saved = client.post(f"{page}/autosave/", words | {"version": draft.version}, headers=json)
    assert saved.status_code == 200
    assert "decoded wrongly" in saved.json()["notice"]
    draft.refresh_from_db()
    assert draft.body == "donâ€™t"

    words |= {"version": draft.version}
    assert client.post(f"{page}/edit/", words).status_code == 422
    done = client.post(f"{page}/edit/", words | {"hand_in": "1"}, follow=True)
    assert "It may have been “don’t”." in unescape(done.content.decode())
    assert draft.revisions.exists()
