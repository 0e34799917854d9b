from allauth.account.adapter import DefaultAccountAdapter

from jam import outbox


class AccountAdapter(DefaultAccountAdapter):
    """Sends the mails about accounts through the outbox, like every other mail."""

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        from allauth.core import context as allauth_context

        message = self.render_mail(template_prefix, email, context)
        html = next((body for body, kind in getattr(message, "alternatives", [])), "")
        outbox.put(
            to=email,
            subject=message.subject,
            text=message.body,
            html=html,
            moment=allauth_context.request.moment,
        )
