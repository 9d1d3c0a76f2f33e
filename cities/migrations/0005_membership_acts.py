"""What coordinators record of memberships: their own admissions, and reasons that only they read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cities", "0004_teams")]
    operations = [
        migrations.AddField(
            model_name='membership',
            name='recorded_here',
            field=models.BooleanField(default=False, help_text='Year and field were recorded in the portal; an import leaves them.', verbose_name='recorded by the coordination'),
        ),
        migrations.AddField(
            model_name='membershipchange',
            name='reason',
            field=models.TextField(blank=True, help_text='Only the coordination reads it.', verbose_name='internal reason'),
        ),
        migrations.AlterField(
            model_name='membershipchange',
            name='kind',
            field=models.CharField(choices=[('admitted', 'admitted'), ('field', 'field changed'), ('dormant', 'dormant'), ('ended', 'ended'), ('reinstated', 'reinstated'), ('corrected', 'corrected')], max_length=12, verbose_name='what happened'),
        ),
    ]
