"""Staff and their devices: who may write, with which key."""

from typing import Annotated, Any

from pydantic import Field

from ledger.entry import Body, Name
from ledger.keys import is_public_key
from ledger.rules.reference import ReferenceRule
from ledger.rules.rule import Labels, Role, Submission
from ledger.scopes import Ward
from ledger.verdicts import Objection, Reason


class StaffSet(Body):
    """A member of staff. Accounts and passwords are the server's own business, not the
    journal's."""

    name: Name
    roles: tuple[Role, ...] = ()
    active: bool = True
    phone: Annotated[str, Field(max_length=30)] = ""
    buildings: tuple[Ward, ...] = ()
    """The dorm buildings a dorm supervisor looks after."""
    classes: tuple[Ward, ...] = ()
    """The classes a homeroom teacher or grade head answers for."""


class DeviceSet(Body):
    """A device that may write for `actor`; `revoked` ends that for good."""

    name: Name
    actor: Name
    public_key: Annotated[str, Field(min_length=43, max_length=43)]
    platform: str = ""
    revoked: bool = False


class StaffRule(ReferenceRule):
    prefix = "staff"
    table = "staff"
    bodies = {"staff.set": StaffSet}
    writers = {"staff.set": frozenset({Role.SAFETY_OFFICER, Role.SERVER})}

    def judge(self, state: Any, submission: Submission, labels: Labels) -> Objection | None:
        body = submission.body
        if isinstance(body, StaffSet) and Role.SERVER in body.roles:
            return Objection(reason=Reason.NOT_ALLOWED)
        return super().judge(state, submission, labels)


class DeviceRule(ReferenceRule):
    prefix = "device"
    table = "device"
    bodies = {"device.set": DeviceSet}
    writers = {"device.set": frozenset({Role.SERVER})}

    def judge(self, state: Any, submission: Submission, labels: Labels) -> Objection | None:
        body = submission.body
        if isinstance(body, DeviceSet) and not is_public_key(body.public_key):
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "public_key"})
        return super().judge(state, submission, labels)
