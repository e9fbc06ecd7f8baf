from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0006_plain_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="response_version",
            field=models.PositiveBigIntegerField(db_default=0, editable=False),
        ),
    ]
