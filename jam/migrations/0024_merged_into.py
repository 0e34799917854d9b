import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0023_cleared_of_spam'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='merged_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to=settings.AUTH_USER_MODEL, verbose_name='merged into'),
        ),
    ]
