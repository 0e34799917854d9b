import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.config.settings")

django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Django, where even a request that it cannot so much as take in is answered.

    One with more query fields than are taken, and a charset, breaks it before its own handling.
    """
    try:
        return django(environ, start_response)
    except SuspiciousOperation:
        text = b"This request could not be understood."
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
        start_response("400 Bad Request", headers)
        return [text]
