import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0020_no_jam_hides_a_page'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ban',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=500, verbose_name='reason')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted at')),
            ],
            options={
                'verbose_name': 'ban',
                'verbose_name_plural': 'bans',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('bounced_at__isnull', False), models.Q(('error', ''), _negated=True), _connector='OR'), fields=['jam', 'user'], name='mails_that_fail'),
        ),
        migrations.AddField(
            model_name='ban',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ban',
            name='jam',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bans', to='jam.jam'),
        ),
        migrations.AddField(
            model_name='ban',
            name='lifted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ban',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bans', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='ban',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('jam', 'user'), name='banned_once_from_a_jam'),
        ),
        migrations.AddConstraint(
            model_name='ban',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='bans_have_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='ban',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='bans_are_lifted_by_somebody'),
        ),
    ]
