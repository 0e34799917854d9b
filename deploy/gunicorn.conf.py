"""The web server. Nothing that matters lives in one of its processes: add as many as there is
room for with WEB_CONCURRENCY, on as many machines as there are."""

import os
from multiprocessing import cpu_count

bind = os.environ.get("BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", cpu_count() + 1))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Who cannot be served yet waits in the one queue of all workers, not in that of a busy one.
worker_connections = threads * 2
backlog = 4096
# Requests in the queue keep waiting up to two minutes, as long as their stamp is believed.
timeout = 120
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
# A worker that was killed is replaced at once by a copy of the loaded program.
preload_app = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True
# nginx writes the log of requests.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "info")


def child_exit(server, worker):
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
