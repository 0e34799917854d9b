"""Every write of the sites app: a verb, keyword-only, one transaction, `moment` last."""

from .moving import move
from .organizing import answer_invitation, invite, stop_organizing, withdraw_invitation
from .pictures import add_picture, remove_picture
from .places import (
    check_in,
    join,
    leave,
    leave_all,
    place_of,
    release,
    show,
    stop_waiting,
    undo_check_in,
    wait,
)
from .running import approve, change, decline, name_organizers, propose, set_open, take_in
from .talking import TALK, propose_again, write
from .waiting import KIND, due, locked, settle, wait_of

__all__ = [
    "KIND",
    "TALK",
    "add_picture",
    "answer_invitation",
    "approve",
    "change",
    "check_in",
    "decline",
    "due",
    "invite",
    "join",
    "leave",
    "leave_all",
    "locked",
    "move",
    "name_organizers",
    "place_of",
    "propose",
    "propose_again",
    "release",
    "remove_picture",
    "set_open",
    "settle",
    "show",
    "stop_organizing",
    "stop_waiting",
    "take_in",
    "undo_check_in",
    "wait",
    "wait_of",
    "withdraw_invitation",
    "write",
]
