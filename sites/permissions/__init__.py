"""Why a person may not do something at a local site: a named refusal, or None."""

from .moving import move_refusal, move_to_refusal
from .places import (
    check_in_refusal,
    join_refusal,
    leave_refusal,
    stop_waiting_refusal,
    time_refusal,
    undo_refusal,
    wait_refusal,
)
from .refusals import SiteRefusal
from .running import (
    approve_refusal,
    day_refusal,
    decline_refusal,
    invite_refusal,
    may_run,
    open_refusal,
    picture_refusal,
    propose_again_refusal,
    propose_refusal,
    run_refusal,
    stop_organizing_refusal,
    write_refusal,
)

__all__ = [
    "SiteRefusal",
    "approve_refusal",
    "check_in_refusal",
    "day_refusal",
    "decline_refusal",
    "invite_refusal",
    "join_refusal",
    "leave_refusal",
    "may_run",
    "move_refusal",
    "move_to_refusal",
    "open_refusal",
    "picture_refusal",
    "propose_again_refusal",
    "propose_refusal",
    "run_refusal",
    "stop_organizing_refusal",
    "stop_waiting_refusal",
    "time_refusal",
    "undo_refusal",
    "wait_refusal",
    "write_refusal",
]
