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
from itertools import product
from typing import NamedTuple

import pytest
from django.db import connection, transaction

from tests import setting_up, trials
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
jam:own_calendar public
    GET 200
    OPTIONS 405
jam:calendar_key
    GET 200
    POST 200+
jam:add_item jam:edit_item jam:cancel_item
    GET 403; 200 organizers
    POST 403; 302+ organizers
jam:bring_back_item
    GET 302
    POST 403; 302 organizers
jam:banner public
    GET 404
    OPTIONS 405
jam:join
    GET 302
    POST 302; 302+ signed_in @ announced making; 302 taking_part @ announced making
jam:cancel
    GET 302
    POST 302; 302+ taking_part @ announced making
jam:conduct public
    GET 200
    POST 302; login visitor @ published; 302+ taking_part @ published
jam:sign_up
    GET 403; 200 signed_in @ announced making
    POST 403; 302+ signed_in @ announced making
jam:sign_up_preview
    GET 403; 200 organizers
jam:participants
    GET 403; 200 organizers; 200 taking_part @ published
    POST 403; 302+ taking_part @ published
jam:answers jam:answers_csv
    GET 403; 200 organizers; 200 site_organizer @ published
jam:merge_person
    GET 403; 200 superuser
    POST 403; 422 superuser
jam:block
    GET 302
    POST 302+; 302 participant
jam:blocks
    GET 200
jam:new
    GET 403; 200 staff_roles
    POST 403; 302+ staff_roles
jam:set_up jam:preview_jam
    GET 403; 200 organizers
jam:dry_run
    GET 403; 200 organizers
    POST 403; 200+ organizers
jam:see_as
    GET 403; 200 organizers
    POST 403; 302 organizers
jam:texts jam:hosts jam:sign_up_questions submissions:rules submissions:tracks submissions:questions
    GET 403; 200 organizers
    POST 403; 302+ organizers
ratings:rules ratings:criteria
    GET 403; 200 organizers
    POST 403; 302+ organizers; 422 organizers @ rating counting finished
ratings:prizes jam:dates
    GET 403; 200 organizers
    POST 403; 302+ organizers; 422 organizers @ finished
jam:publish
    GET 302
    POST 403; 302 organizers; 302+ organizers @ draft
jam:profile
    GET 200
    POST 302+
    PUT 422
jam:language public
    POST 302
jam:preview
    POST 200
jam:own_data
    GET 200
jam:mail_choices
    GET 200
    POST 302+
jam:stop_mails public
    GET 200
    POST 200+
jam:own_data_download
    GET 200
    OPTIONS 405
jam:leave
    GET 200
    POST 422
jam:ideas jam:idea public
    GET 200
jam:propose_idea
    GET 403; 200 taking_part @ announced making
    POST 403; 302+ taking_part @ announced making
jam:edit_idea
    GET 403; 200 participant @ announced making
    POST 403; 302+ participant @ announced making
jam:withdraw_idea
    GET 302
    POST 403; 302+ participant @ published
jam:alike_ideas
    GET 403; 200 taking_part @ announced making
jam:interest_idea
    GET 302
    POST 302; 302+ taking_part @ announced making
jam:pin_idea
    GET 302
    POST 403; 302+ organizers
jam:merge_idea
    GET 403; 200 organizers
    POST 403; 302+ organizers
jam:part_idea
    GET 302
    POST 403; 302 organizers
submissions:take_up
    GET 302
    POST 302; 302+ taking_part @ making
jam:hide_idea
    GET 403; 200 organizers
    POST 403; 302+ organizers
jam:report_idea
    GET 200
    POST 302+; 422 unverified participant judge @ published
jam:report
    GET 200
    POST 302+; 422 unverified @ published
jam:report_person
    GET 200
    POST 302+; 422 unverified participant @ published
jam:report_thread
    GET 404; 200 organizers; 200 judge @ published
    POST 404; 302+ organizers; 302+ judge @ published
jam:own_reports
    GET 200
jam:announcements public
    GET 200
jam:news_feed public
    GET 200
    OPTIONS 405
jam:announce
    GET 403; 200 organizers; 200 site_organizer @ published
    POST 403; 302+ organizers; 302+ site_organizer @ published
jam:announcement public
    GET 404; 200 organizers; 200 site_organizer @ published
jam:edit_announcement
    GET 404; 200 organizers; 200 site_organizer @ published
    POST 404; 302+ organizers; 302+ site_organizer @ published
jam:send_announcement
    GET 404; 302 organizers; 302 site_organizer @ published
    POST 404; 302+ organizers; 302+ site_organizer @ published; 302 organizers @ draft
jam:cancel_announcement
    GET 404; 302 organizers; 302 site_organizer @ published
    POST 404; 302+ organizers; 302+ site_organizer @ published
jam:resources public
    GET 200
jam:arrange_resources
    GET 403; 200 organizers
    POST 403; 302 organizers
jam:add_resource
    GET 403; 200 organizers
    POST 403; 302+ organizers
jam:change_resource
    GET 403; 200 organizers
    POST 403; 302+ organizers
jam:worked_resource
    GET 302
    POST 302; 302+ taking_part @ published
jam:report_resource
    GET 200
    POST 302+; 422 unverified
jam:desk jam:people
    GET 403; 200 organizers
jam:spam
    GET 403; 200 organizers
    POST 403; 302 organizers
jam:organize_person
    GET 403; 200 organizers
    POST 403; 302+ organizers
sites:move_person
    GET 403; 200 organizers
    POST 403; 422 organizers; 302+ organizers @ draft announced making
jam:reports
    GET 403; 200 organizers
    POST 403; 302+ organizers
jam:log jam:log_csv jam:log_json
    GET 403; 200 organizers
jam:exports
    GET 403; 200 organizers
jam:take_export
    POST 403; 200+ organizers
jam:roles
    GET 403; 200 organizers
    POST 403; 422 organizers
jam:privacy public
    GET 200
    POST 403; 302 organizers
jam:offered_roles
    GET 200
    POST 302

sites:list sites:detail sites:points sites:schedule public
    GET 200
sites:towns
    GET 200
sites:calendar public
    GET 200
    OPTIONS 405
sites:add_item sites:edit_item sites:cancel_item
    GET 403; 200 organizers; 200 site_organizer @ published
    POST 403; 302+ organizers; 302+ site_organizer @ published
sites:bring_back_item
    GET 302
    POST 403; 302 organizers; 302 site_organizer @ published
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
sites:wait sites:stop_waiting
    GET 302
    POST 302
sites:show
    GET 302
    POST 302; 302+ site_organizer @ published
sites:pass
    GET 404; 200 site_organizer @ published
sites:door sites:scan sites:desk sites:people_csv sites:badges
    GET 403; 200 organizers; 200 site_organizer @ published
sites:day sites:organizers sites:pictures
    GET 403; 200 organizers; 200 site_organizer @ published
    POST 403; 422 organizers; 422 site_organizer @ published
sites:picture public
    GET 200
sites:remove_picture sites:withdraw_invitation
    GET 403; 302 organizers; 302 site_organizer @ published
    POST 403; 302+ organizers; 302+ site_organizer @ published
sites:answer_invitation
    GET 302
    POST 302; 302+ judge @ published
sites:stop_organizing sites:propose_again
    GET 302
    POST 403; 302 site_organizer @ published
sites:talk
    GET 403; 302 organizers; 302 site_organizer @ published
    POST 403; 422 organizers; 422 site_organizer @ published
sites:check_in
    GET 403; 302 organizers; 302 site_organizer @ published
    POST 403; 302 organizers; 302 site_organizer @ published; 302+ running @ making
sites:undo_check_in
    GET 403; 302 organizers; 302 site_organizer @ published
    POST 403; 302 organizers; 302 site_organizer @ published; 302+ running @ making
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
submissions:board
    GET 404; 200 organizers; 200 taking_part @ published
submissions:asks
    GET 404; 200 organizers; 200 taking_part @ published
    POST 404
submissions:own_card
    GET 404; 403 organizers; 403 taking_part @ published; 200 taking_part @ announced making
    POST 404; 403 organizers; 403 taking_part @ published; 302+ taking_part @ announced making
submissions:team_card
    GET 404; 403 contributor @ published; 200 contributor @ announced making
    POST 404; 403 contributor @ published; 302+ contributor @ announced making
submissions:card
    GET 404; 200 organizers @ unfrozen; 200 taking_part @ announced making
    POST 404; 422 organizers @ unfrozen; 422 taking_part @ open; 302+ contributor @ making
submissions:report_card
    GET 404; 200 organizers @ unfrozen; 200 taking_part @ announced making
    POST 404; 302+ organizers @ unfrozen; 302+ taking_part @ open; 422 participant @ open
submissions:start
    GET 302
    POST 302; 302+ taking_part @ making
submissions:detail submissions:file submissions:read submissions:search public
    GET 200; 404 all @ draft announced making; 200 organizers; 200 contributor @ announced making
submissions:picture public
    GET 404
submissions:cite submissions:link_picture public
    GET 404; 200 all @ closing rating counting finished
submissions:edit
    GET 404; 200 contributor @ published
    POST 404; 403 contributor @ published; 302+ contributor @ making rating counting finished
submissions:origins
    GET 404; 200 contributor @ published
    POST 404; 403 contributor @ published; 302+ contributor @ making
submissions:discussion public
    GET 200; 404 all @ unfrozen
    POST 403; 404 all @ unfrozen; 302+ verified @ counting finished; login visitor
submissions:thread public
    GET 404; 200 all @ counting finished
    POST 404; login visitor; 302+ verified @ counting finished; 403 unverified @ counting finished
submissions:edit_comment
    GET 404; 403 signed_in @ counting finished; 200 participant @ counting finished
    POST 404; 403 signed_in @ counting finished; 302+ participant @ counting finished
submissions:delete_comment
    GET 404; 302 signed_in @ counting finished
    POST 404; 403 signed_in @ counting finished; 302+ participant @ counting finished
submissions:hide_comment
    GET 404; 403 signed_in @ counting finished; 200 organizers @ counting finished
    POST 404; 403 signed_in @ counting finished; 302+ organizers @ counting finished
submissions:report_comment
    GET 404; 200 signed_in @ counting finished
    POST 404; 302+ verified @ counting finished; 422 participant unverified @ counting finished
submissions:continued
    GET 404; 200 contributor @ finished
    POST 404; 302+ contributor @ finished
submissions:autosave
    POST 404; 403 contributor @ published; 200+ contributor @ making rating counting finished
submissions:add_later
    GET 404; 200 contributor @ published
    POST 404; 403 contributor @ published; 302 contributor @ rating counting finished
submissions:record submissions:record_content submissions:checksums submissions:changes public
    GET 200; 404 all @ draft announced making; 200 organizers; 200 contributor @ announced making
submissions:preview submissions:receipt
    GET 404; 200 contributor @ published
submissions:hand_in submissions:leave
    GET,POST 404; 302 contributor @ published
submissions:organize
    GET 403; 404 signed_in @ announced making; 403 contributor @ announced making; 200 organizers
    POST 403; 404 signed_in @ announced making; 403 contributor @ announced making; 302 organizers
submissions:upload submissions:remove_file submissions:strip_file
    GET 404; 302 contributor @ published
    POST 404; 302 contributor @ published; 302+ contributor @ making rating counting finished
submissions:renew_invitation
    GET 404; 302 contributor @ published
    POST 404; 302 contributor @ published; 302+ contributor @ making
submissions:readme
    GET 404; 302 contributor @ published; 200 contributor @ making rating counting finished
    POST 404; 302 contributor @ published; 302+ contributor @ making rating counting finished
submissions:begin_upload
    GET 404; 302 contributor @ published
    POST 404; 403 contributor @ published; 201+ contributor @ making rating counting finished
submissions:pieces
    GET 404; 200 contributor @ announced making
    PUT 404; 403 contributor @ announced closing; 200 contributor @ making
submissions:give_up_upload
    GET 404; 302 contributor @ published
    POST 404; 302+ contributor @ published
submissions:ask_time
    GET 404; 200 contributor @ published
    POST 404; 422 contributor @ published; 302+ contributor @ making
submissions:withdraw
    GET 404; 200 contributor @ published
    POST 404; 302+ contributor @ published; 302 contributor @ finished
submissions:invitation
    GET 200
    POST 302; 302+ signed_in @ making; 302 contributor @ making

submissions:certificates
    GET 200
    POST 302; 302+ taking_part @ closing rating counting finished
submissions:certificate submissions:certificate_pdf public
    GET 200

ratings:rate ratings:results public
    GET 200
ratings:next
    GET 302
    POST 302; 302+ verified @ rating; 302 rater stranger @ rating
ratings:submission
    GET 403; 404 signed_in @ unfrozen; 200 may_rate @ rating; 200 rater @ counting finished
    POST 403; 404 signed_in @ unfrozen; 302+ may_rate @ rating
ratings:autosave
    GET 302
    POST 403; 404 signed_in @ unfrozen; 200+ may_rate @ rating
ratings:attest
    GET 403; 404 signed_in @ unfrozen; 200 may_rate @ rating
    POST 403; 404 signed_in @ unfrozen; 302+ may_rate @ rating
ratings:skip
    GET 302
    POST 302; 404 signed_in @ unfrozen; 302+ may_rate @ rating; 302 rater @ rating
ratings:unskip
    GET 302
    POST 302; 404 signed_in @ unfrozen
ratings:conflict
    GET 302
    POST 302; 404 signed_in @ unfrozen; 302+ may_rate @ rating
ratings:no_conflict
    GET 302
    POST 302; 404 signed_in @ unfrozen
ratings:own
    GET 404; 200 contributor @ counting finished
    POST 404; 302+ contributor @ counting; 403 contributor @ finished
ratings:appeals
    GET 403; 200 organizers @ counting finished
    POST 403
ratings:practice
    GET 302; 200 verified @ rating
    POST 302; 200 verified @ rating; 200+ stranger @ rating
ratings:integrity
    GET 403; 200 organizers @ counting finished
    POST 403; 302 organizers @ counting finished
ratings:submissions
    GET 403; 200 organizers
    POST 403; 302+ organizers
ratings:coverage
    GET 403; 200 organizers
ratings:judges
    GET 403; 200 organizers
    POST 403; 422 organizers; 200+ organizers @ draft announced making closing rating
ratings:judge
    GET 403; 200 organizers
    POST 403; 302 organizers; 302+ organizers @ closing rating
ratings:judge_link public
    GET 200
    POST 302+
ratings:notes
    GET 403; 200 judge superuser @ counting finished
ratings:note
    GET 403; 200 judge superuser @ counting finished
    POST 403; 302+ judge superuser @ counting; 422 judge superuser @ finished
ratings:changes public
    GET 302; 404 all @ finished
ratings:agreement public
    GET 302; 200 all @ finished
ratings:ratings_file ratings:rules_file ratings:standings_file public
    GET 404; 200 all @ finished
ratings:submission_results ratings:ceremony ratings:proceedings* public
    GET 302; 200 all @ finished
ratings:awards
    GET 403; 200 judge organizers @ counting finished
    POST 403; 302+ judge organizers @ counting finished

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
admin:jam_calendarkey_changelist admin:jam_calendarkey_history
    GET,POST 403; 200 superuser
admin:jam_interest_changelist admin:jam_interest_history admin:jam_worked_*list
    GET,POST 403; 200 superuser
admin:jam_worked_history
    GET,POST 403; 200 superuser
admin:jam_calendarkey_change admin:jam_interest_change admin:jam_worked_change
    GET 403; 200 superuser
    POST 403
admin:jam_message_changelist admin:jam_message_history admin:submissions_revision_changelist
    GET,POST 403; 200 superuser
admin:submissions_comment_changelist admin:submissions_comment_history
    GET,POST 403; 200 superuser
admin:submissions_comment_change
    GET 403; 200 superuser
    POST 403
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
admin:ratings_example_add
    GET,POST 200
admin:ratings_example_delete
    GET,POST 403; 302 staff
admin:ratings_example_change
    GET 200; 302 staff
    POST 403; 302 staff
admin_take
    POST 200+
admin_load
    GET 200
    POST 302+; 422 staff
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

# Lists that operators alone look at, by the phases in which there is a row for them to see.
OPERATORS = {
    " ".join(PHASES): """
        jam_host jam_resource jam_scheduleitem ratings_ratingrules ratings_criterion
        ratings_judge ratings_judgelink ratings_anchor ratings_practice ratings_prize
        submissions_submissionrules submissions_track submissions_question
        submissions_answer submissions_contributor submissions_link submissions_file
        submissions_upload submissions_origin submissions_keptorigin submissions_card
        submissions_certificate local_sites_place local_sites_invitation
        local_sites_picture
    """,
    "": """
        jam_ban jam_block jam_cleared jam_ideatag jam_mailchoice jam_mailhours jam_signupquestion
        jam_signupanswer jam_roleholder jam_roleinvitation jam_retention
        jam_reportmessage ratings_judgeassignment ratings_judgenote ratings_answer
        ratings_helpful ratings_pseudonym ratings_appeal submissions_correction
        submissions_timerequest
        submissions_lategrant submissions_original submissions_ask local_sites_wait
        local_sites_proposalmessage
    """,
    "closing rating counting finished": """
        ratings_need
    """,
    "finished": """
        ratings_score ratings_attestation ratings_award submissions_continuation
    """,
}


def rows_of_operators() -> str:
    rows = ""
    for phases, names in OPERATORS.items():
        missing, there = "302 superuser", f"; 200 superuser @ {phases}" if phases else ""
        gone = f"; 403 staff_roles @ {phases}" if phases else ""
        for name in names.split():
            rows += f"admin:{name}_changelist\n    GET,POST 403; 200 superuser\n"
            rows += f"admin:{name}_change\n    GET 403; {missing}{there}\n    POST 403\n"
            rows += f"admin:{name}_history\n    GET,POST 302{gone}{there}\n"
    return rows


TABLE = TABLE.replace("admin:*_*_history\n", rows_of_operators() + "admin:*_*_history\n", 1)

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
    "running": ["site_organizer", "organizer", "superuser"],
    "published": PHASES[1:],
    "unfrozen": PHASES[: PHASES.index("closing")],
    "open": ("announced", "making"),
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


# Of a page outside the admin.
MOST_STATEMENTS = 10
# More is asked, here where nothing is kept that elsewhere is made once a minute: by the pages with
# the most parts; by one that looks anew for what is odd among all ratings; by allauth's own that
# makes a challenge; and by what is a file of everything.
ASKING_MORE = {
    "jam:detail": 13, "jam:announcement": 12, "sites:detail": 12,
    "submissions:detail": 12, "submissions:edit": 12, "submissions:add_later": 11,
    "submissions:picture": 11, "ratings:own": 12, "ratings:results": 11,
    "ratings:integrity": 14, "mfa_add_webauthn": 11,
    "jam:own_data_download": 99, "ratings:proceedings_file": 99,
}  # fmt: skip


def ask(world: World, address: Address, method: str, role: str) -> str:
    """How the address answers, in the words of the table; what was done is undone."""
    written, statements = [], 0

    def watch(execute, sql, *rest):
        nonlocal statements
        statements += 1
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and sql.split('"')[1] not in OF_SESSIONS:
            written.append(sql)
        return execute(sql, *rest)

    client, path = world.clients[role], world.path(address)
    with transaction.atomic(), connection.execute_wrapper(watch):
        if method == "POST":
            said = world.posted(address.name) or setting_up.posted(world.jam, address.name)
            response = client.post(path, said)
        else:
            response = client.generic(method, path)
        transaction.set_rollback(True)
    if response.status_code == 302 and "/login/?next=" in response["Location"]:
        return "login"
    most = ASKING_MORE.get(address.name, MOST_STATEMENTS)
    if method == "GET" and statements > most and not address.is_admin:
        return f"{response.status_code} after {statements} statements"
    return f"{response.status_code}{'+' if written else ''}"


ALL = trials.asked(full=True, usual=False, sample=False)
ASKED = trials.asked(
    full=PHASES, usual=("draft", "making", "rating", "finished"), sample=("rating",)
)


def cells_of(address: Address) -> Iterator[Cell]:
    """Which methods, roles and phases are asked; not all, save by `make trial`."""
    for phase in ASKED:
        for method in METHODS:
            for role in ROLES:
                if ALL or may_differ(address, method, role, phase):
                    yield method, role, phase


# Who is asked in a phase where not everybody is: those whose rights it can change.
CONCERNED = {
    "draft": "visitor organizer staff",
    "making": "visitor stranger participant contributor organizer",
    "rating": trials.asked(
        full="", usual=" ".join(ROLES), sample="visitor stranger participant organizer"
    ),
    "finished": "visitor participant contributor judge organizer",
}
ADMINISTRATORS = trials.asked(
    full=ROLES,
    usual=("stranger", "organizer", "staff", "superuser"),
    sample=("stranger", "organizer", "staff"),
)


def may_differ(address: Address, method: str, role: str, phase: str) -> bool:
    if method not in ("GET", "POST"):
        few = role == "organizer" and method in ("PUT", "DELETE")
        own = role in ("visitor", "organizer") and not address.is_foreign
        return phase == "rating" and (few or own)
    if address.is_admin:
        # That superusers may change all is Django's own; what they are shown is ours.
        shown = method == "GET" or role != "superuser" or ALL
        return phase == "rating" and role in ADMINISTRATORS and shown
    # Pages that belong to no jam know no phase.
    return (address.is_of_a_jam or phase == "rating") and role in CONCERNED[phase].split()


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
    # While an address is being built, ADDRESSES="sites:*" asks those alone.
    named = os.environ.get("ADDRESSES", "*")
    asked: dict[Address, dict[Cell, str]] = {
        address: {} for address in addresses() if fnmatchcase(address.name, named)
    }
    for phase in ASKED:
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
    others = product(METHODS[2:], ("visitor", "organizer"), ("rating",))
    answers = dict.fromkeys([*product(METHODS[:2], ROLES, PHASES), *others], "405")
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
