from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0018_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='jam',
            name='imported_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='imported at'),
        ),
        migrations.AddField(
            model_name='jam',
            name='imported_from',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='imported from'),
        ),
    ]
