"""ORCID iDs: what is one, and what was mistyped."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from jam.orcid import check_digit, plain, validate
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("digits", "check"),
    # The examples of orcid.org and of ISO 7064, and one whose check is a number.
    [("000000021825009", "7"), ("000000021694233", "X"), ("000000015109370", "0"), ("079", "X")],
)
def test_the_check_digit(digits, check):
    assert check_digit(digits) == check


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1694-233X",
        "0000-0002-1694-233x",
        " https://orcid.org/0000-0002-1694-233X ",
        "http://www.orcid.org/0000-0002-1694-233X/",
        "orcid.org/000000021694233x",
        "000000021694233X",
    ],
)
def test_it_is_taken_as_people_write_it(typed):
    assert plain(typed) == "0000-0002-1694-233X"
    validate(plain(typed))


@pytest.mark.parametrize(
    "wrong",
    [
        "0000-0002-1694-2331",
        "0000-0002-1649-233X",
        "0000-0002-1694",
        "0000-0002-1694-233X1",
        "٠٠٠٠-0002-1694-233X",
        "https://example.org/0000-0002-1694-233X",
        "javascript:alert(1)",
    ],
)
def test_what_is_none_is_refused(wrong):
    with pytest.raises(ValidationError):
        validate(plain(wrong))


def test_every_digit_that_is_mistyped_is_found():
    right = "0000-0002-1694-233X"
    for place, digit in enumerate(right[:-1]):
        if digit != "-":
            for other in set("0123456789") - {digit}:
                with pytest.raises(ValidationError):
                    validate(right[:place] + other + right[place + 1 :])


@pytest.mark.django_db
def test_it_is_told_in_the_profile(client):
    user = UserFactory()
    client.force_login(user)
    told = {"display_name": "Ada", "time_zone": "UTC"}
    wrong = client.post("/profile/", told | {"orcid": "0000-0002-1694-2331"})
    assert wrong.status_code == 422
    assert "wrong digit" in wrong.content.decode()
    assert 'value="0000-0002-1694-2331"' in wrong.content.decode()
    client.post("/profile/", told | {"orcid": "https://orcid.org/0000-0002-1694-233x"})
    user.refresh_from_db()
    assert user.orcid == "0000-0002-1694-233X"
    page = client.get(f"/people/{user.pk}/").content.decode()
    assert 'href="https://orcid.org/0000-0002-1694-233X"' in page
