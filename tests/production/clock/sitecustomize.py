"""On PYTHONPATH of a process: its clock is wrong by CLOCK_IS_OFF seconds."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

_moved = datetime.now(UTC) + timedelta(seconds=float(os.environ["CLOCK_IS_OFF"]))
time_machine.travel(_moved, tick=True).start()
