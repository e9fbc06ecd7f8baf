"""A summary of each release, so that the list of events reads no whole agenda."""

import json
from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    releases = apps.get_model("sessions_app", "Release").objects.filter(summary="")
    for release in releases.only("agenda").iterator(chunk_size=20):
        agenda = json.loads(release.agenda)
        release.summary = json.dumps(
            {
                **{name: agenda[name] for name in ("slug", "title", "zone", "zones")},
                "workshops": [
                    {name: workshop[name] for name in ("title", "starts_at")}
                    for workshop in agenda["workshops"]
                ],
            },
            ensure_ascii=False,
        )
        release.save(update_fields=["summary"])


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0006_worker_moves")]

    operations = [
        migrations.AddField("release", "summary", models.TextField(db_default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
