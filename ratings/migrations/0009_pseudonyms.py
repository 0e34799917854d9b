import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0019_imported'),
        ('ratings', '0008_helpful'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Pseudonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=16, verbose_name='pseudonym')),
                ('jam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pseudonyms', to='jam.jam')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pseudonym of a rater',
                'verbose_name_plural': 'pseudonyms of raters',
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('jam', 'user'), name='one_pseudonym_per_rater'),
                    models.UniqueConstraint(fields=('jam', 'name'), name='one_rater_per_pseudonym'),
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='pseudonyms_say_something'),
                ],
            },
        ),
    ]
