"""One more act on a proposal, its place changed; addresses that want no yearly question; and words of practices are in
their indexes at once, instead of waiting in a list that every search reads through."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0009_catalogue")]
    operations = [
        migrations.CreateModel(
            name="Unasked",
            fields=[
                ("email", models.EmailField(max_length=254, primary_key=True, serialize=False)),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "address that is not asked any more",
                "verbose_name_plural": "addresses that are not asked any more",
            },
        ),
        migrations.AlterField(
            model_name="proposalnote",
            name="kind",
            field=models.CharField(
                choices=[
                    ("begun", "begun"),
                    ("suggested", "suggested by a visitor"),
                    ("proposed", "proposed"),
                    ("taken_back", "taken back to go on writing"),
                    ("edited", "edited by a coordinator"),
                    ("returned", "sent back"),
                    ("published", "published"),
                    ("declined", "declined"),
                    ("withdrawn", "withdrawn"),
                    ("hidden", "hidden"),
                    ("shown", "shown again"),
                    ("added", "file added"),
                    ("removed", "file removed"),
                    ("moved", "place changed"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveIndex("practicewords", "practice_words"),
        migrations.AddIndex("practicewords", GinIndex(fields=["words"], name="practice_words", fastupdate=False)),
        migrations.RemoveIndex("searchword", "search_word_parts"),
        migrations.AddIndex(
            "searchword",
            GinIndex(OpClass("word", "gin_trgm_ops"), name="search_word_parts", fastupdate=False),
        ),
    ]
