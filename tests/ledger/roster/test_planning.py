"""What importing a roster changes: differences, once, and never more than the sheet says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.roster.known import Known
from ledger.roster.problems import Trouble
from ledger.rules.dorms.students import StudentLeft, StudentSet
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role
from tests.ledger.roster.sheets import LI, OUYANG, TODAY, WANG, after, planned, troubles

NOBODY = Known()
ALL = (LI, WANG, OUYANG)


def _moved(row: tuple[str, ...], **fields: str) -> tuple[str, ...]:
    places = {"number": 0, "name": 1, "class_id": 2, "building": 4, "room": 6, "bed": 7, "phone": 8}
    cells = list(row)
    for name, value in fields.items():
        cells[places[name]] = value
    return tuple(cells)


def test_a_first_import_adds_everybody_with_their_beds_and_initials() -> None:
    plan = planned(NOBODY, *ALL)
    assert [line.name for line in plan.added] == ["李小明", "王思远", "欧阳若曦"]
    known = after(NOBODY, plan)
    li = next(one.body for one in known.pupils.values() if one.body.number == "1")
    assert (li.initials, li.sex, li.since, li.room, li.bed) == ("lxm", "m", TODAY, "101", "1")
    rooms = {
        one.name: [(r.id, r.floor, r.beds) for r in one.rooms] for one in known.buildings.values()
    }
    assert rooms == {"一号楼": [("101", "1", ("1", "2"))], "二号楼": [("202", "2", ("1",))]}


def test_a_second_import_changes_nothing() -> None:
    staff = [("李老师", "班主任、宿管", "154", "一号楼", "701")]
    known = after(NOBODY, planned(NOBODY, *ALL, staff=staff))
    again = planned(known, *ALL, staff=staff)
    assert again.groups == [] and again.unchanged == 3


def test_who_has_no_number_is_known_by_name_class_and_sex() -> None:
    nameless = [_moved(row, number="") for row in ALL]
    known = after(NOBODY, planned(NOBODY, *nameless))
    assert planned(known, *nameless).groups == []
    assert planned(known, *ALL).removed == []


def test_another_building_or_class_is_left_and_entered_anew_another_bed_is_not() -> None:
    known = after(NOBODY, planned(NOBODY, *ALL))
    house = planned(known, _moved(LI, building="二号楼", room="202", bed="2"), WANG, OUYANG)
    left, entered = (step.body for step in house.groups[-1])
    assert isinstance(left, StudentLeft) and isinstance(entered, StudentSet)
    assert left.building != entered.building and left.until == entered.since == TODAY
    room = planned(known, _moved(LI, room="102", bed="1"), WANG, OUYANG)
    assert [line.name for line in room.moved] == ["李小明"] and len(room.groups[-1]) == 1
    form = planned(known, _moved(LI, class_id="703"), WANG, OUYANG)
    assert [step.kind for step in form.groups[-1]] == ["student.left", "student.set"]
    phone = planned(known, _moved(LI, phone="15400000009"), WANG, OUYANG)
    assert not phone.moved and phone.changed[0].details == (
        ("phone", "15400000001", "15400000009"),
    )


def test_since_is_kept_where_somebody_stays_in_the_building() -> None:
    known = after(NOBODY, planned(NOBODY, *ALL))
    for id, one in known.pupils.items():
        body = one.body.model_copy(update={"since": "2026-01-01"})
        known.pupils[id] = type(one)(body, False)  # type: ignore[index]
    plan = planned(known, _moved(LI, room="102", bed="1"), WANG, _moved(OUYANG, building="一号楼"))
    since = {
        step.body.name: step.body.since
        for group in plan.groups
        for step in group
        if isinstance(step.body, StudentSet)
    }
    assert since == {"李小明": "2026-01-01", "欧阳若曦": TODAY}


def test_who_is_not_in_the_sheet_has_left_unless_the_sheet_is_of_some() -> None:
    known = after(NOBODY, planned(NOBODY, *ALL))
    plan = planned(known, LI, WANG)
    assert [line.name for line in plan.removed] == ["欧阳若曦"]
    assert planned(known, LI, WANG, keep_missing=True).groups == []
    gone = after(known, plan)
    back = planned(gone, *ALL)
    assert [line.name for line in back.added] == ["欧阳若曦"]
    ids = {step.subject for group in back.groups for step in group}
    assert ids <= {f"student:{id}" for id in known.pupils}


def test_whom_a_bad_row_may_mean_is_left_as_they_are() -> None:
    known = after(NOBODY, planned(NOBODY, *ALL))
    plan = planned(known, _moved(LI, class_id=""), _moved(WANG, number="1"), OUYANG)
    assert plan.removed == []
    assert troubles(plan) == [(2, Trouble.CLASS_MISSING), (3, Trouble.NUMBER_OF_ANOTHER)]


def test_a_sheet_that_empties_the_school_asks_twice() -> None:
    many = [(str(n), f"学生{n}", "701", "男", "", "", "", "", "") for n in range(40)]
    known = after(NOBODY, planned(NOBODY, *many))
    assert planned(known, *many[:15]).many_leave
    assert not planned(known, *many[:35]).many_leave


def test_two_in_one_bed_and_one_twice_are_named_with_the_other_row() -> None:
    plan = planned(NOBODY, LI, _moved(WANG, bed="1"), _moved(OUYANG, number="1"))
    assert troubles(plan) == [(3, Trouble.BED_TAKEN), (4, Trouble.DUPLICATE_NUMBER)]
    assert plan.problems[0].values["row"] == 2 and plan.problems[0].values["name"] == "李小明"
    twins = planned(NOBODY, _moved(LI, number=""), _moved(LI, number="", bed="2"))
    assert troubles(twins) == [(3, Trouble.DUPLICATE_PUPIL)]


def test_a_bed_of_one_who_stays_is_not_given_away() -> None:
    known = after(NOBODY, planned(NOBODY, LI))
    plan = planned(known, _moved(WANG, bed="1"), keep_missing=True)
    assert troubles(plan) == [(2, Trouble.BED_OCCUPIED)]


def test_who_has_no_bed_gets_the_lowest_free_one_and_keeps_it() -> None:
    rows = (_moved(LI, bed=""), _moved(WANG, bed="1"), _moved(OUYANG, bed=""))
    known = after(NOBODY, planned(NOBODY, *rows))
    beds = {one.body.name: one.body.bed for one in known.pupils.values()}
    assert beds == {"李小明": "2", "王思远": "1", "欧阳若曦": "1"}
    assert planned(known, *rows).groups == []


def test_the_homeroom_teacher_beside_the_pupils_gets_the_class_and_the_last_one_loses_it() -> None:
    staff = {
        "t1": StaffSet(name="李老师", roles=(Role.TEACHER,)),
        "t2": StaffSet(name="旧老师", roles=(Role.HOMEROOM_TEACHER,), classes=("701", "709")),
        "g1": StaffSet(name="主任", roles=(Role.GRADE_HEAD,), classes=("701", "702")),
    }
    headings = ("学号", "姓名", "班级", "班主任")
    rows = [("1", "李小明", "701", "李老师"), ("2", "王思远", "702", "陌生人")]
    plan = planned(Known(staff=staff), *rows, headings=headings)
    now = after(Known(staff=staff), plan).staff
    assert now["t1"].classes == ("701",) and Role.HOMEROOM_TEACHER in now["t1"].roles
    assert now["t2"].classes == ("709",) and now["g1"] == staff["g1"]
    assert [one.trouble for one in plan.hints] == [Trouble.TEACHER_UNKNOWN]
    assert len(plan.added) == 2


def test_staff_are_added_and_changed_by_name_and_never_removed() -> None:
    staff = {
        "s1": StaffSet(name="王阿姨", roles=(Role.DORM_SUPERVISOR,), phone="1"),
        "s2": StaffSet(name="同名", roles=()),
        "s3": StaffSet(name="同名", roles=()),
        "s4": StaffSet(name="离职", roles=(), active=False),
    }
    rows = [
        ("王阿姨", "宿管", "", "一号楼", ""),
        ("新老师", "巡查教师、Duty leader", "2", "", ""),
        ("同名", "教师", "", "", ""),
        ("离职", "教师", "", "", ""),
        ("乱来", "皇帝", "", "", ""),
        ("远方", "宿管", "", "九号楼", ""),
    ]
    plan = planned(Known(staff=staff), LI, staff=rows)
    now = after(Known(staff=staff), plan).staff
    assert now["s1"].phone == "1" and len(now["s1"].buildings) == 1
    new = next(one for one in now.values() if one.name == "新老师")
    assert new.roles == (Role.TEACHER, Role.DUTY_LEADER)
    assert [one for _, one in troubles(plan)] == [
        Trouble.STAFF_AMBIGUOUS,
        Trouble.STAFF_INACTIVE,
        Trouble.ROLE_UNKNOWN,
        Trouble.BUILDING_UNKNOWN,
    ]


def test_a_bed_that_the_sheet_names_for_another_is_given_up_by_who_names_none() -> None:
    known = after(NOBODY, planned(NOBODY, _moved(LI, bed="")))
    plan = planned(known, _moved(WANG, building="一号楼", room="101", bed="1"), _moved(LI, bed=""))
    assert plan.problems == []
    assert _beds(after(known, plan)) == {"王思远": "1", "李小明": "2"}


def test_nobody_gets_the_bed_of_one_whose_row_cannot_be_used() -> None:
    known = after(NOBODY, planned(NOBODY, LI))
    wang = _moved(WANG, building="一号楼", room="101", bed="2")
    ouyang = _moved(LI, number="3", name="欧阳若曦")
    # Wang has the second bed, so Li stays in the first, and Ouyang can't have that.
    plan = planned(known, wang, _moved(LI, bed="2"), ouyang)
    assert troubles(plan) == [(3, Trouble.BED_TAKEN), (4, Trouble.BED_OCCUPIED)]
    assert _beds(after(known, plan)) == {"王思远": "2", "李小明": "1"}


def _beds(known: Known) -> dict[str, str]:
    return {one.body.name: one.body.bed for one in known.pupils.values() if not one.left}


pupils = st.builds(
    lambda number, form, house, room, bed: (
        str(number),
        f"学生{number}",
        form,
        "男",
        house,
        "",
        room if house else "",
        bed if house else "",
        "",
    ),
    st.integers(1, 12),
    st.sampled_from(["701", "702"]),
    st.sampled_from(["", "一号楼", "二号楼"]),
    st.sampled_from(["101", "102"]),
    st.sampled_from(["", "1", "2", "3"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(pupils, max_size=8), min_size=1, max_size=3))
def test_whatever_came_before_the_same_sheet_twice_changes_nothing_and_no_bed_has_two(
    sheets: list[list[tuple[str, ...]]],
) -> None:
    known = NOBODY
    for rows in sheets:
        if rows:
            known = after(known, planned(known, *rows))
            beds = [
                (one.body.building, one.body.room, one.body.bed)
                for one in known.pupils.values()
                if one.body.building and not one.left
            ]
            assert len(set(beds)) == len(beds)
            assert planned(known, *rows).groups == []
