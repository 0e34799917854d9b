from django.db import migrations, models

import jam.models.conduct


def field(**default):
    return models.TextField(
        blank=True,
        help_text="Markdown. Who joins agrees to it; when you change it, those who have joined are "
        "asked again.",
        max_length=20000,
        verbose_name="code of conduct",
        **default,
    )


class Migration(migrations.Migration):
    dependencies = [("jam", "0006_orcid")]

    operations = [
        # Jams that there are do not get words that their organizers never saw.
        migrations.AddField(model_name="jam", name="code_of_conduct", field=field(default="")),
        migrations.AlterField(
            model_name="jam",
            name="code_of_conduct",
            field=field(default=jam.models.conduct.default_code_of_conduct),
        ),
        migrations.AddField(
            model_name="participation",
            name="agreed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="agreed at"),
        ),
        migrations.AddField(
            model_name="participation",
            name="agreed_digest",
            field=models.CharField(blank=True, max_length=64, verbose_name="agreed to"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at", None), ("agreed_digest", "")),
                    models.Q(
                        ("agreed_at__isnull", False),
                        models.Q(("agreed_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="agreement_is_to_a_code_of_conduct",
            ),
        ),
    ]
