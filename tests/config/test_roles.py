"""Every address that a participant is refused × every role: who is let in follows from the rights
in `jam.roles.TABLE` alone.

`ASKED` names the right that each such address asks for. Like the table of all addresses, of which
this is the column for roles, it fails for an address that it does not name.
"""

from __future__ import annotations

from itertools import product

import pytest
from django.db import transaction
from django.test import Client

from jam import giving_roles
from jam.models import User
from jam.roles import HELPING, ORGANIZING, TABLE, Right, Role
from ratings.models import Practice, RatingRules
from tests import trials
from tests.config.test_matrix import ask, row_of, rows
from tests.factories import MOMENTS, UserFactory
from tests.ratings.factories import JudgeFactory
from tests.world import Address, Person, World, addresses

pytestmark = pytest.mark.django_db

# Right by right, the addresses that ask for it.
ASKED = {
    Right.SET_UP: """
        jam:desk jam:set_up jam:preview_jam jam:sign_up_preview jam:see_as jam:texts jam:hosts
        jam:sign_up_questions jam:dry_run jam:dates jam:publish jam:privacy
        jam:add_item jam:edit_item jam:cancel_item jam:bring_back_item
        jam:arrange_resources jam:add_resource jam:change_resource
        jam:pin_idea jam:merge_idea jam:part_idea
        submissions:rules submissions:tracks submissions:questions
        ratings:rules ratings:criteria ratings:prizes
    """,
    Right.ANNOUNCE: """
        jam:announce jam:announcement jam:edit_announcement jam:send_announcement
        jam:cancel_announcement
    """,
    Right.PEOPLE: "jam:people jam:organize_person jam:answers jam:answers_csv",
    Right.SITES: """
        sites:move_person sites:edit sites:approve sites:decline sites:open sites:close sites:talk
        sites:add_item sites:edit_item sites:cancel_item sites:bring_back_item
        sites:door sites:scan sites:check_in sites:undo_check_in sites:desk sites:people_csv
        sites:badges sites:day sites:organizers sites:withdraw_invitation
        sites:pictures sites:remove_picture
    """,
    Right.SUBMISSIONS: "submissions:organize ratings:submissions",
    Right.MODERATE: """
        jam:reports jam:report_thread jam:spam jam:hide_idea submissions:hide_comment
    """,
    Right.JUDGES: "ratings:judges ratings:judge",
    Right.COVERAGE: "ratings:coverage",
    Right.RATE: "ratings:submission ratings:autosave ratings:attest",
    Right.AWARDS: "ratings:awards",
    Right.DELIBERATE: "ratings:notes ratings:note",
    Right.INTEGRITY: "ratings:integrity ratings:appeals",
    Right.LOG: "jam:log jam:log_csv jam:log_json",
    Right.EXPORT: "jam:exports jam:take_export",
}
RIGHT_OF = {name: right for right, names in ASKED.items() for name in names.split()}
# Who has which role is shown to whoever has one of these; anybody gives their own back there. That
# owners alone give them is tested where roles are given.
OF_ROLES = {"jam:roles": (*ORGANIZING, *HELPING)}

# Only judges rate here: what rating is done with is asked while they do, and all once there is
# something to decide.
PHASES = {"rating": "ratings:", "counting": ""}
BY_LINK = "judge by link"
ROLE_OF = {role.value: role for role in Role} | {BY_LINK: Role.JUDGE}
ALL = trials.asked(full=True, usual=True, sample=False)
if not ALL:
    # Owners have the rights of organizers, and one more that is tested where roles are given.
    del ROLE_OF[Role.OWNER]
REFUSED, LET_IN = ("403", "404"), ("200", "302", "422")
# What the table of all addresses says, and of whom it knows.
MATRIX, KNOWN = rows(), ("participant", "judge", "organizer")


def with_roles(world: World) -> World:
    """`world` with a client for each role, whose person has that role and no part beside it."""
    jam = world.jam
    RatingRules.objects.filter(jam=jam).update(eligibility=RatingRules.Eligibility.JUDGES)
    owner = UserFactory()
    for role in (Role.OWNER, Role.ORGANIZER, *HELPING):
        user = owner if role == Role.OWNER else UserFactory()
        giving_roles.give(jam=jam, user=user, role=role, by=owner, moment=MOMENTS["announced"])
        world.clients[role] = client_of(user)
    judge = JudgeFactory(jam=jam).user
    world.clients[Role.JUDGE] = client_of(judge)
    opening = Client()
    opening.post(f"/judge/{world.judge_secret}/")
    world.clients[BY_LINK] = Person()
    world.clients[BY_LINK].cookies = opening.cookies
    named = jam.judges.filter(links__isnull=False).get().user
    Practice.objects.bulk_create(
        Practice(jam=jam, user=user, done_at=world.moment) for user in (judge, named, owner)
    )
    return world


def client_of(user: User) -> Person:
    client = Person()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def answers_of(world: World, address: Address, method: str) -> dict[str, str]:
    """What each role is answered where a participant is refused; nothing elsewhere."""
    # Where only judges rate, participants are refused more than the table of addresses says.
    row = None if address.name.startswith("ratings:") else row_of(address, MATRIX)
    if row is None:
        plain = status_of(world, address, method, "participant")
    else:
        of_table = {role: row.answer(address, method, role, world.phase) for role in KNOWN}
        plain = of_table["participant"]
        if not ALL and set(of_table.values()) <= set(REFUSED):
            # Of a team, or closed by now: what those answer who have no role in the jam.
            return {}
    if plain not in REFUSED:
        return {}
    return {role: status_of(world, address, method, role) for role in ROLE_OF}


def status_of(world: World, address: Address, method: str, role: str) -> str:
    return ask(world, address, method, role).rstrip("+")


def allowed_at(name: str) -> set[str]:
    """The roles that are let in, by the table."""
    held = OF_ROLES.get(name)
    return {
        said
        for said, role in ROLE_OF.items()
        if (role in held if held else RIGHT_OF[name] in TABLE[role])
    }


def test_roles_open_what_their_rights_say_and_nothing_else(at, without_log):
    complaints, found = [], set()
    of_the_jam = [address for address in addresses() if address.is_of_a_jam]
    for phase, names in PHASES.items():
        with transaction.atomic():
            world = with_roles(World(phase, at))
            asked = [address for address in of_the_jam if address.name.startswith(names)]
            for address, method in product(asked, ("GET", "POST")):
                said = answers_of(world, address, method)
                let_in = {role for role, answer in said.items() if answer not in REFUSED}
                if not let_in:
                    continue
                found.add(address.name)
                if address.name not in {*RIGHT_OF, *OF_ROLES}:
                    complaints.append(f"{address.name} has no right in ASKED; {said}")
                elif let_in != allowed_at(address.name):
                    complaints.append(f"{method} {address.name} @ {phase}: {said}")
                strange = {said[role] for role in let_in} - set(LET_IN)
                if strange:
                    complaints.append(f"{method} {address.name} @ {phase} answers {strange}")
            transaction.set_rollback(True)
    assert not complaints, "\n".join(complaints)
    assert found == {*RIGHT_OF, *OF_ROLES}


def test_each_right_is_asked_for_somewhere():
    assert set(ASKED) == set(Right) - {Right.ROLES}
