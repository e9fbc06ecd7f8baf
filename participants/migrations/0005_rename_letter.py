"""Letter becomes OutgoingMail: its table and rows stay, its content type and permissions follow."""

from django.conf import settings
from django.db import migrations


def rename_permissions(apps, schema_editor, old, new, name):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for verb in ("add", "change", "delete", "view"):
        permissions.filter(
            content_type__app_label="participants", codename=f"{verb}_{old}"
        ).update(codename=f"{verb}_{new}", name=f"Can {verb} {name}")


def forwards(apps, schema_editor):
    rename_permissions(apps, schema_editor, "letter", "outgoingmail", "e-mail")


def backwards(apps, schema_editor):
    rename_permissions(apps, schema_editor, "outgoingmail", "letter", "mail")


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0004_taking_part"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("workshop", "0003_event_erased_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelTable("letter", "participants_letter"),
        migrations.RenameModel("Letter", "OutgoingMail"),
        migrations.RunPython(forwards, backwards),
    ]
