"""Every address × method × role × phase: what is answered, as written down in `TABLE`.

A row names an address (or several, by a pattern; the first row that fits holds) and has a line for
GET and one for POST: what everybody is answered, then exceptions, of which the last one holds:

    GET 404; 200 contributor; 403 contributor organizer @ closing rating

An answer is a status; with "+" something was written as well; "login" leads to signing in.
What need not be written:

* a visitor is led to sign in, and at the admin whoever is not staff, unless the row is `public`,
* an address of a jam that is a draft is not there (404), save to those who organize it,
* a line that is missing means 405; HEAD is answered as GET is, other methods with 405,
  save OPTIONS (200 where GET is taken),
* addresses of Django and of allauth take other methods as they like, if nothing comes of it that
  does not come of GET or POST.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

import pytest
from django.db import connection, transaction

from tests.world import PHASES, ROLES, Address, World, addresses

pytestmark = pytest.mark.django_db

TABLE = """
jam:front jam:list public
    GET 200
jam:mine jam:person
    GET 200
jam:detail jam:schedule public
    GET 200
jam:calendar jam:theme public
    GET 200
    OPTIONS 405
jam:banner public
    GET 404
    OPTIONS 405
jam:join
    GET 302
    POST 302; 302+ signed_in @ announced making; 302 taking_part @ announced making
jam:cancel
    GET 302
    POST 302; 302+ taking_part @ announced making
jam:publish
    GET 302
    POST 403; 302 organizers; 302+ organizers @ draft
jam:profile
    GET 200
    POST 302+
    PUT 422
jam:preview
    POST 200
jam:own_data
    GET 200
jam:own_data_download
    GET 200
    OPTIONS 405
jam:leave
    GET 200
    POST 422

sites:list sites:detail public
    GET 200
sites:propose
    GET 403; 200 taking_part @ announced making
    POST 403; 302+ taking_part @ announced making
sites:edit
    GET 403; 200 organizers; 200 site_organizer @ published
    POST 403; 302+ organizers; 302+ site_organizer @ published
sites:join
    GET 302
    POST 302; 302+ participant contributor @ announced making
sites:leave
    GET 302
    POST 302; 302+ site_organizer @ announced making
sites:open
    GET 302
    POST 403; 302 organizers; 302 site_organizer @ published
sites:close
    GET 302
    POST 403; 302+ organizers; 302+ site_organizer @ published
sites:approve
    GET 302
    POST 403; 302 organizers
sites:decline
    GET 302
    POST 403; 422 organizers

submissions:gallery public
    GET 200
submissions:start
    GET 302
    POST 302; 302+ taking_part @ making
submissions:detail submissions:file public
    GET 200; 404 all @ draft announced making; 200 organizers; 200 contributor @ announced making
submissions:edit
    GET 404; 200 contributor @ published
    POST 404; 403 contributor @ published; 302+ contributor @ making
submissions:autosave
    POST 404; 403 contributor @ published; 200+ contributor @ making
submissions:preview submissions:receipt submissions:receipt_content
    GET 404; 200 contributor @ published
submissions:hand_in submissions:leave
    GET,POST 404; 302 contributor @ published
submissions:organize
    GET 403; 404 signed_in @ announced making; 403 contributor @ announced making; 200 organizers
    POST 403; 404 signed_in @ announced making; 403 contributor @ announced making; 302 organizers
submissions:upload submissions:remove_file submissions:renew_invitation
    GET 404; 302 contributor @ published
    POST 404; 302 contributor @ published; 302+ contributor @ making
submissions:withdraw
    GET 404; 200 contributor @ published
    POST 404; 302+ contributor @ published; 302 contributor @ finished
submissions:invitation
    GET 200
    POST 302; 302+ signed_in @ making; 302 contributor @ making

ratings:rate ratings:results public
    GET 200
ratings:next
    GET 302
    POST 302; 302+ verified @ rating; 302 rater @ rating
ratings:submission
    GET 403; 404 signed_in @ unfrozen; 200 may_rate @ rating; 200 rater @ counting finished
    POST 403; 404 signed_in @ unfrozen; 302+ may_rate @ rating
ratings:autosave
    GET 302
    POST 403; 404 signed_in @ unfrozen; 200+ may_rate @ rating
ratings:skip
    GET 302
    POST 302; 404 signed_in @ unfrozen; 302+ may_rate @ rating; 302 rater @ rating
ratings:unskip
    GET 302
    POST 302; 404 signed_in @ unfrozen
ratings:submission_results public
    GET 302; 200 all @ finished

healthz readyz public
    GET,POST,PUT,PATCH,DELETE,TRACE 200

account_login account_signup public
    GET,POST 302; 200 visitor
account_logout public
    GET 200; 302 visitor
    POST 302
account_inactive account_email_verification_sent account_reset_password_*done public
    GET 200
account_reset_password account_reset_password_from_key public
    GET,POST 200
account_confirm_email public
    GET 200
    POST 404
account_confirm_login_code mfa_authenticate socialaccount_signup public
    GET,POST 302
account_email usersessions_list
    GET 200
    POST 302
account_change_password
    GET,POST 302
account_set_password mfa_generate_recovery_codes socialaccount_connections
    GET,POST 200
account_reauthenticate mfa_reauthenticate
    GET,POST 403
mfa_index
    GET 200
mfa_activate_totp
    GET,POST 200; 302 unverified
mfa_deactivate_totp mfa_download_recovery_codes
    GET,POST 404
mfa_list_webauthn
    GET 200
mfa_add_webauthn
    GET,POST 200; 302 unverified
mfa_reauthenticate_webauthn
    GET,POST 403
mfa_remove_webauthn mfa_edit_webauthn
    GET,POST 404
mfa_login_webauthn public
    GET,POST 302
mfa_view_recovery_codes
    GET 404
socialaccount_login_cancelled public
    GET 200
socialaccount_login_error
    GET 401
accounts/social/*
    GET,POST 301

admin:login public
    GET 403; login visitor; 302 staff_roles
    POST 403; login visitor; 200 staff_roles
admin:logout public
    GET 302; login visitor; 405 staff_roles
    POST 302; login visitor
admin:index admin:app_list admin:password_change
    GET,POST 200
admin:password_change_done admin:jsi18n
    GET 200
admin:autocomplete
    GET 403
admin:view_on_site admin/(?P<url>.[*])$
    GET,POST 404
admin/*/<path:object_id>/
    GET,POST 302
admin:jam_message_changelist admin:jam_message_history admin:submissions_revision_changelist
    GET,POST 403; 200 superuser
admin:submissions_revision_history admin:submissions_closing_*list admin:submissions_closing_history
    GET,POST 403; 200 superuser
admin:jam_message_change admin:submissions_revision_change admin:submissions_closing_change
    GET 403; 200 superuser
    POST 403
admin:auth_user_password_change admin:jam_user_add
    GET,POST 403; 200 superuser
admin:jam_user_change
    GET 200
    POST 403; 200 superuser
admin:jam_user_history
    GET,POST 200
admin:ratings_results_change admin:ratings_standing_change
    GET 302; 200 organizers @ finished
    POST 403
admin:ratings_results_history admin:ratings_standing_history
    GET,POST 302; 200 organizers @ finished
admin:jam_jam_add
    GET,POST 200
admin:jam_jam_change admin:local_sites_localsite_change
    GET,POST 200; 302 staff
admin:account_emailaddress_*
    GET,POST 403; 200 superuser
admin:mfa_*_changelist admin:socialaccount_*_changelist admin:usersessions_*_changelist
    GET,POST 403; 200 superuser
admin:mfa_*_history admin:socialaccount_*_history admin:usersessions_*_history
    GET,POST 302
admin:mfa_*_add admin:socialaccount_*_add admin:usersessions_*_add
    GET,POST 403; 200 superuser
admin:mfa_*_change admin:socialaccount_*_change admin:usersessions_*_change
    GET,POST 403; 302 superuser
admin:mfa_*_delete admin:socialaccount_*_delete admin:usersessions_*_delete
    GET,POST 403; 302 superuser
admin:*_*_history
    GET,POST 200; 302 staff
admin:*_*_changelist
    GET,POST 200
admin:*_*_add admin:*_*_delete
    GET,POST 403
admin:*_*_change
    GET 200; 302 staff
    POST 403
"""

METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS")
STAFF = ("organizer", "staff", "superuser")
GROUPS = {
    "all": ROLES,
    "signed_in": ROLES[1:],
    "verified": [role for role in ROLES[1:] if role != "unverified"],
    # Once their e-mail address is confirmed, what is not their own.
    "may_rate": [role for role in ROLES[1:] if role not in ("unverified", "contributor")],
    "taking_part": ["participant", "contributor", "site_organizer"],
    "staff_roles": STAFF,
    "organizers": ["organizer", "superuser"],
    "published": PHASES[1:],
    "unfrozen": PHASES[: PHASES.index("closing")],
}
# What Django writes on its own, whatever is asked.
OF_SESSIONS = {"django_session", "usersessions_usersession"}
Cell = tuple[str, str, str]


class Clause(NamedTuple):
    answer: str
    roles: list[str]
    phases: list[str]

    def __str__(self) -> str:
        roles = ["signed_in"] if len(self.roles) == len(ROLES) - 1 else self.roles
        when = ["@", *self.phases] if len(self.phases) < len(PHASES) else []
        return " ".join([self.answer, *roles, *(when if roles else [])])


def clause_of(text: str) -> Clause:
    who, _at, when = text.partition("@")
    answer, *roles = who.split()
    return Clause(answer, members(" ".join(roles)), members(when) or list(PHASES))


def members(words: str) -> list[str]:
    return [member for word in words.split() for member in GROUPS.get(word, [word])]


@dataclass
class Row:
    patterns: list[str]
    is_public: bool
    lines: dict[str, list[Clause]] = field(default_factory=dict)

    def __str__(self) -> str:
        text = " ".join(self.patterns + ["public"] * self.is_public)
        same = defaultdict(list)
        for method, clauses in self.lines.items():
            same["; ".join(map(str, clauses))].append(method)
        return text + "".join(f"\n    {','.join(ms)} {line}" for line, ms in same.items())

    def allowed(self, address: Address, method: str, role: str, phase: str) -> set[str]:
        """What may be answered."""
        if address.is_foreign and method not in ("GET", "POST"):
            likewise = {self.answer(address, taken, role, phase) for taken in ("GET", "POST")}
            return likewise | {"405"} | ({"200"} if method == "OPTIONS" else set())
        return {self.answer(address, method, role, phase)}

    def answer(self, address: Address, method: str, role: str, phase: str) -> str:
        if method == "OPTIONS" and method not in self.lines:
            usual = "200" if "GET" in self.lines else "405"
        else:
            line = self.lines.get("GET" if method == "HEAD" else method)
            usual = line[0].answer if line else "405"
        answer = self.unwritten(address, role, phase, usual) or usual
        for clause in self.lines.get("GET" if method == "HEAD" else method, [])[1:]:
            if role in clause.roles and phase in clause.phases:
                answer = clause.answer
        return answer

    def unwritten(self, address: Address, role: str, phase: str, usual: str) -> str | None:
        if not self.is_public and role not in (STAFF if address.is_admin else ROLES[1:]):
            return "login"
        hidden = phase == "draft" and address.is_of_a_jam and role not in GROUPS["organizers"]
        # A method that is not taken is refused before the jam is looked for.
        return "404" if hidden and usual != "405" else None


def rows() -> list[Row]:
    found: list[Row] = []
    for line in filter(None, TABLE.split("\n")):
        if line.startswith(" "):
            methods, rest = line.split(maxsplit=1)
            clauses = [clause_of(text) for text in rest.split(";")]
            found[-1].lines |= dict.fromkeys(methods.split(","), clauses)
        else:
            names = line.split()
            found.append(Row([n for n in names if n != "public"], "public" in names))
    return found


def row_of(address: Address, among: list[Row]) -> Row | None:
    fitting = (row for row in among if any(fnmatchcase(address.name, p) for p in row.patterns))
    return next(fitting, None)


def ask(world: World, address: Address, method: str, role: str) -> str:
    """How the address answers, in the words of the table; what was done is undone."""
    written = []

    def watch(execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and sql.split('"')[1] not in OF_SESSIONS:
            written.append(sql)
        return execute(sql, *rest)

    client, path = world.clients[role], world.path(address)
    with transaction.atomic(), connection.execute_wrapper(watch):
        if method == "POST":
            response = client.post(path, world.posted(address.name))
        else:
            response = client.generic(method, path)
        transaction.set_rollback(True)
    if response.status_code == 302 and "/login/?next=" in response["Location"]:
        return "login"
    return f"{response.status_code}{'+' if written else ''}"


def cells_of(address: Address) -> Iterator[Cell]:
    """Which methods, roles and phases are asked: with TRIAL all, else those that may differ."""
    for phase in PHASES:
        for method in METHODS:
            for role in ROLES:
                if os.environ.get("TRIAL") == "full" or may_differ(address, method, role, phase):
                    yield method, role, phase


def may_differ(address: Address, method: str, role: str, phase: str) -> bool:
    if method not in ("GET", "POST"):
        few = role == "organizer" and method in ("PUT", "DELETE")
        return phase == "rating" and (few or not address.is_foreign)
    if address.is_admin and role not in ("visitor", "stranger", *STAFF):
        return False
    # The admin shows results once they are out; other pages know no jam.
    return phase == "rating" or address.is_of_a_jam or (address.is_admin and phase == "finished")


def as_answered(address: Address, cells: dict[Cell, str]) -> Row:
    """The row that would describe `cells`."""
    outsider = "stranger" if address.is_admin else "visitor"
    row = Row([address.name], cells["GET", outsider, "rating"] != "login")
    for method in METHODS:
        own = {(r, p): answer for (m, r, p), answer in cells.items() if m == method}

        def unlike(method=method, own=own) -> dict[tuple[str, str], str]:
            return {k: a for k, a in own.items() if a not in row.allowed(address, method, *k)}

        if not unlike():
            continue
        plain = [a for k, a in own.items() if not row.unwritten(address, *k, "200")]
        row.lines[method] = [Clause(Counter(plain).most_common(1)[0][0], [], [])]
        exceptions, who = unlike(), defaultdict(list)
        phases = sorted({phase for _role, phase in own}, key=PHASES.index)
        for role in ROLES:
            for answer in sorted(set(exceptions.values())):
                if when := [p for p in phases if exceptions.get((role, p)) == answer]:
                    who[answer, tuple(PHASES if when == phases else when)].append(role)
        row.lines[method] += [Clause(a, roles, list(when)) for (a, when), roles in who.items()]
    return row


def wrong(asked: dict[Address, dict[Cell, str]]) -> list[str]:
    """What is not as the table says: for people, with the row as it would be right."""
    table, complaints = rows(), []
    for address, cells in asked.items():
        row = row_of(address, table)
        row_now = as_answered(address, cells)
        if row is None:
            complaints.append(f"No row. If it is right as it answers now, write:\n{row_now}")
            continue
        unlike = [
            f"{' '.join(cell)}: {answer}, not {' or '.join(row.allowed(address, *cell))}"
            for cell, answer in cells.items()
            if answer not in row.allowed(address, *cell)
        ]
        if unlike:
            shown = "\n".join(unlike[:6] + ["…"] * (len(unlike) > 6))
            complaints.append(
                f"{address.name} answers otherwise than its row says:\n{shown}\n"
                f"If it is right as it answers now, write:\n{row_now}"
            )
    return complaints


def test_every_address_answers_everybody_as_the_table_says(at, settings, without_log):
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    asked: dict[Address, dict[Cell, str]] = {address: {} for address in addresses()}
    for phase in PHASES:
        with transaction.atomic():
            world = World(phase, at)
            for address, cells in asked.items():
                for method, role, when in cells_of(address):
                    if when == phase:
                        cells[method, role, when] = ask(world, address, method, role)
            transaction.set_rollback(True)
    found = wrong(asked)
    assert not found, "\n\n".join(found)


def test_every_row_has_an_address():
    found = addresses()
    unused = [
        pattern
        for row in rows()
        for pattern in row.patterns
        if not any(fnmatchcase(address.name, pattern) for address in found)
    ]
    assert unused == []


def test_what_is_wrong_is_told_as_the_row_to_write():
    new = Address("jam:new", "jams/<slug:slug>/new/")
    answers = dict.fromkeys(cells_of(new), "405")
    answers |= {cell: "200" for cell in answers if cell[0] in ("GET", "HEAD", "OPTIONS")}
    answers |= {("GET", "judge", "counting"): "500", ("POST", "judge", "rating"): "302+"}
    answers |= {
        (method, role, phase): "404"
        for method, role, phase in answers
        if method == "GET" and phase == "draft" and role not in GROUPS["organizers"]
    }
    row = "jam:new public\n    GET 200; 500 judge @ counting\n    POST 405; 302+ judge @ rating"
    assert wrong({new: answers})[0].endswith(f"write:\n{row}")
    front = Address("jam:front", "")
    (complaint,) = wrong({front: {("GET", role, "rating"): "404" for role in ROLES}})
    assert "GET visitor rating: 404, not 200" in complaint
