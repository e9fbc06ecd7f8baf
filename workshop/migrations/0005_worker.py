"""Worker takes over the table of sessions_app.PdfWorker, and gets a column for its queue.

The column has a default in the database: processes of the version before go on writing rows,
which belong to no queue.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshop", "0004_plain_texts"), ("sessions_app", "0006_worker_moves")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Worker",
                    fields=[
                        ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                        ("seen_at", models.DateTimeField()),
                    ],
                    options={"db_table": "sessions_app_paperworker", "default_permissions": ()},
                )
            ]
        ),
        migrations.AddField(
            "worker", "queue", models.CharField(db_default="", max_length=20)
        ),
    ]
