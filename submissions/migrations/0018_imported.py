import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0019_imported'),
        ('submissions', '0017_looking'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='number',
            field=models.PositiveBigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('jam', 'number'), name='numbered_once_in_a_jam'),
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='content')),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='original', to='submissions.revision')),
            ],
            options={
                'verbose_name': 'original of a revision',
                'verbose_name_plural': 'originals of revisions',
            },
        ),
    ]
