"""Tells a rule's story in memory: entries come, the judge answers, records follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.entry import Body, Clock, Entry, write_entry
from ledger.projection import StoredEntry, fold
from ledger.rules.registry import BY_KIND, rule_of
from ledger.rules.rule import Labels, Submission, parse_body
from ledger.verdicts import Objection, Reason, Verdict

SCHOOL = "SY01"
UPTIME_AT_SEVEN_S = 10_000.0


def write(
    kind: str,
    subject: str,
    body: Body,
    *,
    actor: str = "t1",
    device: str = "phone",
    number: int = 1,
    at: str = "2026-03-02T07:00:00+08:00",
    clock: Clock | None = None,
    seen: int = 0,
    photos: Sequence[str] = (),
) -> Entry:
    return write_entry(
        kind=kind,
        subject=subject,
        scope=f"school:{SCHOOL}",
        school=SCHOOL,
        actor=actor,
        device=device,
        number=number,
        previous="0" * 64,
        at=at,
        clock=clock or Clock(uptime=0.0),
        body=body,
        seen=seen,
        photos=photos,
    )


@dataclass
class Story:
    """One subject under a judge who knows these labels."""

    subject: str
    labels: Labels = field(default_factory=Labels)
    history: list[StoredEntry] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def tell(self, kind: str, body: Body, **header: Any) -> Objection | None:
        """Judge an entry as the server does; what it accepts becomes history."""
        return self.judge(self.write(kind, body, **header))

    def write(self, kind: str, body: Body, **header: Any) -> Entry:
        device = header.get("device", "phone")
        self.numbers[device] = self.numbers.get(device, 0) + 1
        header.setdefault("number", self.numbers[device])
        return write(kind, self.subject, body, **header)

    def judge(self, entry: Entry) -> Objection | None:
        rule, model = BY_KIND[entry.header.kind]
        body = parse_body(model, entry)
        if isinstance(body, Objection):
            return body
        submission = Submission(entry, body)
        objection = rule.judge(self.state(), submission, self.labels)
        if objection is None:
            remarks = rule.remark(submission, self.labels)
            seq = len(self.history) + 1
            self.history.append(StoredEntry(entry, Verdict.ACCEPTED, seq, remarks))
        return objection

    def state(self, pending: tuple[Entry, ...] = ()) -> Any:
        rule = rule_of(self.subject)
        assert rule is not None
        waiting = [StoredEntry(entry, Verdict.PENDING, None, {}) for entry in pending]
        return fold(rule, SCHOOL, self.subject, [*self.history, *waiting], self.labels)

    def records(self, table: str, pending: tuple[Entry, ...] = ()) -> list[dict[str, Any]]:
        rule = rule_of(self.subject)
        assert rule is not None
        return rule.records(self.state(pending)).get(table, [])


def reason(objection: Objection | None) -> Reason | None:
    return None if objection is None else objection.reason
