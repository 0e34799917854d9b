"""Results keep which ratings were voided when they were counted."""

from __future__ import annotations

from django.db import migrations, models


def left_out_then(apps, schema_editor) -> None:
    """As far as nothing was restored since."""
    rating = apps.get_model("ratings", "Rating")
    for results in apps.get_model("ratings", "Results").objects.all():
        voided = rating.objects.filter(
            submission__jam=results.jam_id,
            completed_at__isnull=False,
            voided_at__lte=results.frozen_at,
        )
        results.left_out = list(voided.order_by("pk").values_list("pk", flat=True))
        results.save(update_fields=["left_out"])


class Migration(migrations.Migration):
    dependencies = [("ratings", "0005_queue")]

    operations = [
        migrations.AddField(
            model_name="results",
            name="left_out",
            field=models.JSONField(default=list, verbose_name="ratings left out"),
        ),
        migrations.RunPython(left_out_then, migrations.RunPython.noop),
    ]
