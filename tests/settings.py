"""The product's settings, made quick and quiet for tests; database and cache as in the
environment, else SQLite and files."""

import os
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("DEBUG", "1")
# Each worker of the tests has files of its own.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="peerjam-tests-")

from jam.config.settings import *  # noqa: F403

DEBUG = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # In a file, so that the threads of the live server have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}  # noqa: F405
if REDIS_URL:  # noqa: F405
    # And a database of Redis of its own, since clearing the cache empties it.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    address = urlsplit(REDIS_URL)  # noqa: F405
    database = (int(address.path.strip("/") or 0) + worker) % 16
    CACHES["default"]["LOCATION"] = address._replace(path=f"/{database}").geturl()  # noqa: F405
# Tests set the clock, which a database would not follow.
DATABASE_CLOCK = False
# Tests look at a page again right after a change; those of keeping pages switch it on.
PAGE_CACHE_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = False
# Tests that want tasks to run call them; nothing is to wait for a broker.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
