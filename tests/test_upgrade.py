"""An upgrade from the version that called an e-mail Letter and a PDF job Printing."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from participants.models import OutgoingMail, Person
from sessions_app.agenda.serialization import decode_summary
from sessions_app.models import PdfJob, Release
from sessions_app.response_cache.versions import personal_version
from tests import make
from tests.sessions_app.agenda.test_serialization import RELEASES


@pytest.fixture
def version_before(transactional_db: None) -> Iterator[None]:
    """The tables, types and permissions of the version before, with an e-mail and a release."""
    event = make.event_row()
    make.outgoing_mail_row(event, state="unknown")
    agenda = (RELEASES / "v1.json").read_text()
    Release.objects.create(event=event, number=1, made_at=make.at(8), agenda=agenda)
    call_command("migrate", "participants", "0004", verbosity=0)
    call_command("migrate", "sessions_app", "0003", verbosity=0)
    # Today's code made its own again while it migrated backwards.
    ContentType.objects.filter(model__in=("outgoingmail", "pdfjob", "pdfworker")).delete()
    for app, model in (("participants", "letter"), ("sessions_app", "printing")):
        ContentType.objects.get_or_create(app_label=app, model=model)
    letter = ContentType.objects.get(model="letter")
    for verb in ("add", "change", "delete", "view"):
        Permission.objects.get_or_create(
            content_type=letter, codename=f"{verb}_letter", name=f"Can {verb} mail"
        )
    yield
    call_command("migrate", verbosity=0)


def test_upgrade_keeps_every_grant_and_every_row(version_before: None) -> None:
    officer = User.objects.create_user("officer", is_staff=True)
    officer.user_permissions.add(Permission.objects.get(codename="view_letter"))
    office = Group.objects.create(name="Mail office")
    office.permissions.add(Permission.objects.get(codename="delete_letter"))
    organiser = User.objects.create_user("organiser", is_staff=True)
    organiser.groups.add(Group.objects.get(name="Organiser"))
    job = PdfJob.objects.create(
        name="a" * 64, file="x.pdf", length=1, state="kept", asked_at=make.at(8), used_at=make.at(8)
    )

    call_command("migrate", verbosity=0)

    officer = User.objects.get(username="officer")  # permissions are cached on the row
    assert officer.get_all_permissions() == {"participants.view_outgoingmail"}
    assert [str(each.codename) for each in office.permissions.all()] == ["delete_outgoingmail"]
    assert User.objects.get(username="organiser").has_perm("participants.view_outgoingmail")
    former = Permission.objects.filter(codename__regex="letter|printing|paperworker")
    assert (list(former), ContentType.objects.filter(model="letter").count()) == ([], 0)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.UNKNOWN
    assert PdfJob.objects.get(pk=job.pk).state == PdfJob.State.DONE
    release = Release.objects.get()
    assert decode_summary(release.summary) == decode_summary(release.agenda)
    person: Person = Person.objects.get()
    version = personal_version(person.pk)
    person.links.create(token_hash="", made_at=make.at(8))  # the triggers are there again
    assert personal_version(person.pk) != version
