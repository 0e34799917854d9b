from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jam", "0016_ideas_by_what_is_asked")]

    operations = [
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["jam", "-moment", "-id"], name="acts_of_a_jam"),
        ),
    ]
