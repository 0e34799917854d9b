"""The code of conduct of a jam, and who agreed to which words of it."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _


def default_code_of_conduct() -> str:
    """What a new jam begins with; organizers word it as they like."""
    return _(
        "Everybody who takes part is to feel welcome, whoever they are, wherever they come from "
        "and however much they know.\n\n"
        "* **Be kind.** Argue about ideas, never about persons. Ask before you assume.\n"
        "* **Be honest.** Say whose work you build on. Rate what is there, not who made it.\n"
        "* **Leave room.** Let others speak and finish, above all those who do so rarely.\n"
        "* **Respect a no.** No advances, no touching, no pictures of people who do not want "
        "them, no messages to people who asked for none.\n"
        "* **No harassment**, in any form, in rooms, calls, comments or mails: no slurs, no "
        "threats, no sexual remarks, no following people around.\n\n"
        "If something goes wrong, for you or for somebody else, tell the organizers. They listen, "
        "they tell nobody who you are, and they may ask people to leave."
    )


def digest_of(text: str) -> str:
    """The SHA-256 of a code of conduct, by which a participation names what was agreed to."""
    # A form sends lines with another ending than a file does.
    words = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256(words.encode()).hexdigest() if words else ""
