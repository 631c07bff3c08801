"""Two supervisors do one building together, over any network: what each taps follows from what is
on their own screen, entries arrive late and in any order, and in the end all see the same night,
which was never closed while somebody was unaccounted for."""

import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entry import Body, Entry
from ledger.projection import StoredEntry, fold
from ledger.rules.dorms.bodies import (
    Mark,
    MarkCorrected,
    MarksWithdrawn,
    MissingFollowed,
    MissingFound,
    MissingRaised,
    Outcome,
    RollCallClosed,
    RollCallReopened,
    RoomMarked,
)
from ledger.rules.dorms.missing import MissingState, missing_subject
from ledger.rules.dorms.nights import RollCallState
from ledger.rules.dorms.statuses import ACCOUNTED, Status
from ledger.rules.registry import BY_KIND, rule_of
from ledger.rules.rule import Labels
from ledger.verdicts import Objection, Verdict
from tests.ledger.rules.dorms.night import EVENING, NIGHT, SUBJECT
from tests.ledger.rules.telling import SCHOOL, Story, write

PUPILS = {"s1": "101", "s2": "101", "s3": "102"}


@dataclass
class Server:
    """The rules over everything accepted; who lives there and who is looked for it knows itself."""

    stories: dict[str, Story] = field(default_factory=dict)
    accepted: list[StoredEntry] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def residents(self, building: str, night: str) -> frozenset[str]:
        return frozenset(PUPILS)

    def followed(self, building: str, night: str) -> frozenset[str]:
        return frozenset(one for one in PUPILS if self.search(one).followed)

    def story(self, subject: str) -> Story:
        return self.stories.setdefault(subject, Story(subject, Labels(dorms=self)))

    def search(self, pupil: str) -> MissingState:
        return self.story(missing_subject("b1", "701", NIGHT, pupil)).state()

    def night(self) -> RollCallState:
        return self.story(SUBJECT).state()

    def take(self, entry: Entry) -> None:
        story = self.story(entry.header.subject)
        if isinstance(story.judge(entry), Objection):
            self.refused.add(entry.header.id)
            return
        stored = story.history[-1]
        self.accepted.append(
            StoredEntry(stored.entry, stored.verdict, len(self.accepted) + 1, stored.remarks)
        )
        self.check()

    def check(self) -> None:
        """A closed night has no gap, whatever came in after its closing."""
        night = self.night()
        if night.closing is None:
            return
        for pupil in PUPILS:
            status = night.standing(pupil)
            assert status is not None and not night.contested(pupil)
            assert status in ACCOUNTED or self.search(pupil).followed


@dataclass
class Phone:
    name: str
    server: Server
    seen: int = 0
    pending: list[Entry] = field(default_factory=list)
    written: int = 0

    def state(self, subject: str = SUBJECT) -> RollCallState | MissingState:
        known = [
            one for one in self.server.accepted[: self.seen] if one.entry.header.subject == subject
        ]
        own = [one for one in self.pending if one.header.subject == subject]
        waiting = [StoredEntry(one, Verdict.PENDING, None, {}) for one in own]
        rule = rule_of(subject)
        assert rule is not None
        return fold(rule, SCHOOL, subject, [*known, *waiting], Labels(dorms=self))

    # What this phone's own records say of the building.

    def residents(self, building: str, night: str) -> frozenset[str]:
        return frozenset(PUPILS)

    def followed(self, building: str, night: str) -> frozenset[str]:
        found = {one: self.state(missing_subject("b1", "701", NIGHT, one)) for one in PUPILS}
        return frozenset(
            one
            for one, state in found.items()
            if isinstance(state, MissingState) and state.followed
        )

    def write(self, kind: str, subject: str, body: Body) -> None:
        self.written += 1
        entry = write(
            kind, subject, body, actor=self.name, device=self.name, number=self.written, at=EVENING
        )
        self.pending.append(entry)

    def push(self, count: int) -> None:
        for _ in range(min(count, len(self.pending))):
            self.server.take(self.pending[0])
            del self.pending[0]
            # Its own receipts come back at once; what others wrote between stays unseen until a
            # pull, which here brings everything up to a point.
        self.seen = max(self.seen, self.pulled_own())

    def pulled_own(self) -> int:
        own = [
            number
            for number, one in enumerate(self.server.accepted, 1)
            if one.entry.header.device == self.name
        ]
        return own[-1] if own else 0

    def pull(self, rng: random.Random) -> None:
        self.seen = rng.randint(self.seen, len(self.server.accepted))

    def tap(self, rng: random.Random) -> None:
        night = self.state()
        assert isinstance(night, RollCallState)
        pupil = rng.choice(list(PUPILS))
        search = missing_subject("b1", "701", NIGHT, pupil)
        what = rng.choice(
            ("all", "all", "one", "one", "one", "undo", "close", "close", "follow", "found", "back")
        )
        if what == "all":
            room = PUPILS[pupil]
            open_ = [one for one, at in PUPILS.items() if at == room and one not in night.marks]
            marks = tuple(Mark(student=one, status=Status.PRESENT) for one in open_)
            if marks:
                self.write("room.marked", SUBJECT, RoomMarked(room=room, marks=marks))
        elif what == "one":
            self.one(rng, night, pupil, search)
        elif what == "undo":
            own = [id for id, saved in night.saved.items() if saved.by == self.name]
            if own:
                body = MarksWithdrawn(entry=rng.choice(own))
                self.write("marks.withdrawn", SUBJECT, body)
        elif what == "close":
            self.write("rollcall.closed", SUBJECT, RollCallClosed(expected=tuple(PUPILS)))
        elif what == "follow":
            body = MissingFollowed(whom="guardian", outcome=Outcome.REACHED)
            self.write("missing.followed", search, body)
        elif what == "found":
            self.write("missing.found", search, MissingFound())
        else:
            self.write("rollcall.reopened", SUBJECT, RollCallReopened(because="再点一次"))

    def one(self, rng: random.Random, night: RollCallState, pupil: str, search: str) -> None:
        """One pupil's status over the marks on the screen, or over none: a slip of the app."""
        shown = tuple(one.entry for one in night.marks.get(pupil, ()))
        over = shown if rng.random() < 0.7 else ()
        status = rng.choice((Status.PRESENT, Status.LATE, Status.MISSING))
        # The mark first: it is what reopens a closed night.
        if night.closing is not None:
            corrected = MarkCorrected(
                student=pupil, room=PUPILS[pupil], status=status, over=over, because="查房"
            )
            self.write("mark.corrected", SUBJECT, corrected)
        else:
            marks = (Mark(student=pupil, status=status),)
            self.write(
                "room.marked", SUBJECT, RoomMarked(room=PUPILS[pupil], marks=marks, over=over)
            )
        if status is Status.MISSING:
            self.write("missing.raised", search, MissingRaised(room=PUPILS[pupil]))


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 40))
def test_over_any_network_all_see_the_same_night_and_it_never_closes_with_a_gap(
    seed: int, steps: int
) -> None:
    rng, server = random.Random(seed), Server()
    phones = (Phone("t1", server), Phone("t2", server))
    for _ in range(steps):
        phone = rng.choice(phones)
        move = rng.random()
        if move < 0.6:
            phone.tap(rng)
        elif move < 0.8:
            phone.push(rng.randint(1, 5))
        else:
            phone.pull(rng)
    for phone in phones:
        phone.push(len(phone.pending))
    rule = BY_KIND["room.marked"][0]
    said = rule.records(server.night())
    for phone in phones:
        phone.seen = len(server.accepted)
        assert rule.records(phone.state()) == said
