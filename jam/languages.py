"""In which language somebody is spoken to: on a page, and in a mail that another one caused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise

from jam.models import User


def own_names() -> list[tuple[str, str]]:
    """The languages that there are, each by the name that its speakers give it."""
    return [
        (code, translation.get_language_info(code)["name_local"].capitalize())
        for code, _ in settings.LANGUAGES
    ]


def is_spoken(code: str) -> bool:
    """Whether there is a catalogue for this code of a language."""
    return code in dict(settings.LANGUAGES)


def language_of(user: User) -> str:
    """The language that `user` has chosen; else, or where it is gone, that of the site."""
    return user.language if is_spoken(user.language) else settings.LANGUAGE_CODE


def reader_language(get_response: Callable[[HttpRequest], HttpResponse]):
    """Answer a signed-in reader in the language that they have chosen; who has chosen none, or is
    signed out, goes by the cookie and by what the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and is_spoken(request.user.language):
            # Not undone here: the headers are written further out, and each request begins anew.
            translation.activate(request.user.language)
        return get_response(request)

    return middleware


class Later(Promise):
    """A text that is translated when it is printed, with what is to be put into it.

    Django's own lazy texts are translated by ``%``; a mail is written by somebody whose language
    is not that of whoever reads it.
    """

    def __init__(self, translate: Callable[[], str], values: Any = None) -> None:
        self._translate, self._values = translate, values

    def __mod__(self, values: Mapping[str, Any] | tuple[Any, ...]) -> Later:
        return Later(self._translate, values)

    def __add__(self, other: Any) -> Later:
        return Later(lambda: f"{self}{other}")

    def __str__(self) -> str:
        text = self._translate()
        return text if self._values is None else text % self._values


def gettext_later(text: str) -> Later:
    """`text` in the language of whoever reads it at last."""
    return Later(lambda: translation.gettext(text))


def ngettext_later(one: str, many: str, number: int) -> Later:
    """`one` or `many`, as `number` and the language of whoever reads it at last want."""
    return Later(lambda: translation.ngettext(one, many, number))
