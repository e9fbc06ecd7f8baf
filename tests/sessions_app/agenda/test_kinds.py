from sessions_app.agenda.kinds import KINDS, ROLES
from sessions_app.models import Appearance, Session


def test_every_kind_and_role_that_can_be_chosen_has_a_behaviour() -> None:
    assert list(KINDS) == Session.Kind.values
    assert list(ROLES) == Appearance.Role.values
