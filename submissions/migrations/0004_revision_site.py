import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def as_the_submission_has_it(apps, schema_editor):
    """Revisions from before have the local site that their submission has now."""
    Revision = apps.get_model("submissions", "Revision")
    Submission = apps.get_model("submissions", "Submission")
    site = Submission.objects.filter(pk=OuterRef("submission")).values("site")
    Revision.objects.update(site=Subquery(site))


class Migration(migrations.Migration):

    dependencies = [
        ('local_sites', '0001_initial'),
        ('submissions', '0003_late_grants'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='site',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='local_sites.localsite'),
        ),
        migrations.RunPython(as_the_submission_has_it, migrations.RunPython.noop),
    ]
