"""Plans: changes of more than one row, shown as a preview, then applied whole or not at all. Pure.

A service has two functions. `plan` returns the plan, made from the current rows. `apply` takes what
is to be planned and the fingerprint of the plan that was shown: in one transaction it locks the
rows, plans again, confirms the fingerprint and writes. Copying an event has no fingerprint: it
changes no row that somebody has seen.
"""

from hashlib import sha256

import msgspec


class PlanChanged(Exception):
    """The plan is no longer the one that was shown, or cannot be applied; nothing was written."""


class Plan:
    """Base of plans, which are frozen dataclasses."""

    __slots__ = ()

    @property
    def facts(self) -> object:
        """Everything that must not have changed since the preview; by default the whole plan."""
        return self

    @property
    def is_applicable(self) -> bool:
        """False if there is nothing to write, or a problem against it."""
        return True

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the facts as JSON, equal in every process."""
        return sha256(msgspec.json.encode(self.facts, order="deterministic")).hexdigest()

    def confirm(self, fingerprint: str) -> None:
        """Raise PlanChanged unless this plan can be applied and the one shown was equal."""
        if not self.is_applicable or fingerprint != self.fingerprint:
            raise PlanChanged
