"""Dorms: buildings, pupils, roll-calls, who is missing, leave."""

STATEMENTS = (
    """
    CREATE TABLE building (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    """
    CREATE TABLE student (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        building VARCHAR NOT NULL,
        room VARCHAR NOT NULL,
        bed VARCHAR NOT NULL,
        class_id VARCHAR NOT NULL,
        since VARCHAR NOT NULL,
        until VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX student_of_building ON student (school, building, room)",
    "CREATE INDEX student_of_class ON student (school, class_id)",
    "CREATE INDEX student_of_subject ON student (school, subject)",
    """
    CREATE TABLE rollcall (
        school VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        building VARCHAR NOT NULL,
        night VARCHAR NOT NULL,
        closed_at VARCHAR NOT NULL,
        closed_by VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        pending BOOLEAN NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, subject)
    )
    """,
    "CREATE INDEX rollcall_of_night ON rollcall (school, night)",
    """
    CREATE TABLE room_night (
        school VARCHAR NOT NULL,
        building VARCHAR NOT NULL,
        night VARCHAR NOT NULL,
        room VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        marked_at VARCHAR NOT NULL,
        marked_by VARCHAR NOT NULL,
        pending BOOLEAN NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, building, night, room)
    )
    """,
    "CREATE INDEX room_night_of_night ON room_night (school, night)",
    "CREATE INDEX room_night_of_subject ON room_night (school, subject)",
    """
    CREATE TABLE missing (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        building VARCHAR NOT NULL,
        class_id VARCHAR NOT NULL,
        night VARCHAR NOT NULL,
        student VARCHAR NOT NULL,
        raised_at VARCHAR NOT NULL,
        raised_by VARCHAR NOT NULL,
        followed BOOLEAN NOT NULL,
        found_at VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        pending BOOLEAN NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX missing_of_night ON missing (school, night)",
    "CREATE INDEX missing_of_subject ON missing (school, subject)",
    """
    CREATE TABLE leave (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        building VARCHAR NOT NULL,
        class_id VARCHAR NOT NULL,
        student VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        starts_at VARCHAR NOT NULL,
        ends_at VARCHAR NOT NULL,
        returned_at VARCHAR NOT NULL,
        requested_by VARCHAR NOT NULL,
        decided_by VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        pending BOOLEAN NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX leave_of_student ON leave (school, student)",
    "CREATE INDEX leave_of_subject ON leave (school, subject)",
    "CREATE INDEX leave_of_time ON leave (school, ends_at)",
    """
    CREATE TABLE leave_reason (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        class_id VARCHAR NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX leave_reason_of_subject ON leave_reason (school, subject)",
    """
    CREATE TABLE look (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        student VARCHAR NOT NULL,
        actor VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        what VARCHAR NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX look_of_subject ON look (school, subject)",
)
