import jam.models.jams
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jam', '0019_imported'),
    ]

    operations = [
        migrations.AlterField(
            model_name='jam',
            name='slug',
            field=models.SlugField(help_text="The last part of the page's address.", max_length=80, unique=True, validators=[jam.models.jams.validate_address], verbose_name='address'),
        ),
        migrations.AddConstraint(
            model_name='jam',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ('new',)), _negated=True), name='no_jam_hides_a_page'),
        ),
    ]
