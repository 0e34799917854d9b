from .acts import Act
from .jams import Host, Jam, Participation, Resource, ScheduleItem
from .mail import Message
from .people import User

__all__ = [
    "Act",
    "Host",
    "Jam",
    "Message",
    "Participation",
    "Resource",
    "ScheduleItem",
    "User",
]
