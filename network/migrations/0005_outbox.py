"""Headers of letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0004_accounts")]
    operations = [
        migrations.AddField(
            model_name="letter",
            name="ends_at_path",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
