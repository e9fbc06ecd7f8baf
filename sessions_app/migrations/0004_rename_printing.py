"""Printing becomes PdfJob, PaperWorker PdfWorker: tables, rows and stored states stay."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0003_printing"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.AlterModelTable("printing", "sessions_app_printing"),
        migrations.AlterModelTable("paperworker", "sessions_app_paperworker"),
        migrations.RenameModel("Printing", "PdfJob"),
        migrations.RenameModel("PaperWorker", "PdfWorker"),
    ]
