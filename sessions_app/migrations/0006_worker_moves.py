"""PdfWorker becomes workshop.Worker: the table stays, with its rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0005_plain_texts")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("PdfWorker")])
    ]
