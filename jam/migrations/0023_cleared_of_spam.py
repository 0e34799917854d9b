import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0022_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cleared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target_type', models.CharField(max_length=60, verbose_name='kind of target')),
                ('target_id', models.CharField(max_length=40, verbose_name='target')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cleared', to='jam.jam')),
            ],
            options={
                'verbose_name': 'word that something is no spam',
                'verbose_name_plural': 'words that something is no spam',
                'ordering': ['-made_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('jam', 'target_type', 'target_id'), name='cleared_of_spam_once')],
            },
        ),
    ]
