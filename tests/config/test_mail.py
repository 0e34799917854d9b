"""Sending a test mail, and what the provider tells of mails that came back."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.management import CommandError, call_command

from jam import outbox
from jam.models import Message
from tests.factories import MOMENTS
from tests.jam.factories import MessageFactory
from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]


class Refusing(Sink):
    async def handle_RCPT(self, server, session, envelope, address, options):
        return "550 nobody of that name"


@pytest.fixture(params=[Sink, Refusing])
def mail_server(request, settings):
    controller = Controller(request.param(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield request.param
    controller.stop()


def test_check_mail_says_what_came_back(mail_server):
    told = io.StringIO()
    if mail_server is Refusing:
        with pytest.raises(CommandError, match="nobody of that name"):
            call_command("check_mail", "someone@example.org", stdout=told)
    else:
        call_command("check_mail", "someone@example.org", stdout=told)
        assert "Taken" in told.getvalue()
    assert "the mail server 127.0.0.1" in told.getvalue()


@pytest.mark.django_db
def test_a_mail_that_came_back_is_noted_once():
    message = MessageFactory(provider_id="id-1", to="someone@example.org")
    bounce = {"to": "Someone@example.org", "reason": "bounced: no such mailbox"}
    assert outbox.note_bounce(provider_id="", moment=MOMENTS["making"], **bounce) == 0
    assert outbox.note_bounce(provider_id="id-2", moment=MOMENTS["making"], **bounce) == 0
    assert outbox.note_bounce(provider_id="id-1", moment=MOMENTS["making"], **bounce) == 1
    assert outbox.note_bounce(provider_id="id-1", moment=MOMENTS["rating"], **bounce) == 0
    message.refresh_from_db()
    assert (message.bounced_at, message.bounce) == (MOMENTS["making"], "bounced: no such mailbox")
    assert list(Message.objects.bounced()) == [message]


# The address exists only where a provider is set, so this runs in a process of its own.
PROVIDER = """
import base64, json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from django.utils import timezone
from jam.models import Message
Message.objects.create(to="a@example.org", key="k", subject="s", text="t",
                       created_at=timezone.now(), provider_id="abc")
event = {"RecordType": "Bounce", "MessageID": "abc", "Email": "a@example.org", "Type": "HardBounce",
         "TypeCode": 1, "ID": 1, "Description": "no such mailbox",
         "BouncedAt": "2030-05-05T17:00:00Z"}
answers = []
for secret in ("wrong:secret", "hook:secret"):
    basic = base64.b64encode(secret.encode()).decode()
    answers.append(Client(raise_request_exception=False).post(
        "/mail/events/", json.dumps(event), content_type="application/json",
        headers={"Authorization": "Basic " + basic}).status_code)
print(json.dumps([answers, Message.objects.get().bounce]))
"""


def test_the_provider_tells_of_bounces_with_its_secret_only(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "jam.config.settings",
        "DEBUG": "1",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "VAR_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "testserver",
        "MAIL_PROVIDER": "postmark",
        "MAIL_PROVIDER_SETTINGS": "POSTMARK_SERVER_TOKEN=t,WEBHOOK_SECRET=hook:secret",
    }
    told = subprocess.run(
        [sys.executable, "-c", PROVIDER],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    answers, bounce = json.loads(told.stdout.strip().splitlines()[-1])
    assert answers == [400, 200]
    assert bounce == "bounced: no such mailbox"
