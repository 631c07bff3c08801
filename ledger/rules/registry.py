"""Every duty's rule, found by kind and by subject."""

from ledger.entry import Body
from ledger.rules.district.rule import WatchedRule
from ledger.rules.dorms.buildings import BuildingRule
from ledger.rules.dorms.leave import LeaveRule
from ledger.rules.dorms.looks import LookRule
from ledger.rules.dorms.missing import MissingRule
from ledger.rules.dorms.reasons import ReasonRule
from ledger.rules.dorms.rollcall import RollCallRule
from ledger.rules.dorms.students import StudentRule
from ledger.rules.erasure import ErasureRule
from ledger.rules.hazards.conditions import ConditionRule
from ledger.rules.hazards.rule import HazardRule
from ledger.rules.people import DeviceRule, StaffRule
from ledger.rules.places import AreaRule, PointRule, SchoolRule
from ledger.rules.plans import PlanRule
from ledger.rules.rounds import RoundRule
from ledger.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    SchoolRule(),
    AreaRule(),
    PointRule(),
    StaffRule(),
    DeviceRule(),
    PlanRule(),
    RoundRule(),
    HazardRule(),
    ConditionRule(),
    BuildingRule(),
    StudentRule(),
    RollCallRule(),
    MissingRule(),
    LeaveRule(),
    ReasonRule(),
    LookRule(),
    ErasureRule(),
    WatchedRule(),
)
BY_PREFIX: dict[str, Rule] = {rule.prefix: rule for rule in RULES}
BY_KIND: dict[str, tuple[Rule, type[Body]]] = {
    kind: (rule, model) for rule in RULES for kind, model in rule.bodies.items()
}


def rule_of(subject: str) -> Rule | None:
    """The rule that owns a subject such as "round:…"; None for one of a newer version."""
    return BY_PREFIX.get(subject.partition(":")[0])
