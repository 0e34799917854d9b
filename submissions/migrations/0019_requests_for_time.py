import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0018_imported'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TimeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=500, verbose_name='why')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('declined_because', models.TextField(blank=True, max_length=500, verbose_name='why it was declined')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='time_requests', to='submissions.submission')),
            ],
            options={
                'verbose_name': 'request for more time',
                'verbose_name_plural': 'requests for more time',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('submission',), name='one_open_request_per_submission'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='requests_for_time_say_why'), models.CheckConstraint(condition=models.Q(models.Q(('declined_because', ''), ('settled_at', None), ('settled_by', None)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='requests_are_settled_by_somebody')],
            },
        ),
    ]
