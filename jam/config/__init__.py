import os

# Before anything imports numpy: one thread. More of them wait for each other on matrices as small
# as ours, and add up in another order on a machine with more processors.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from .celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
