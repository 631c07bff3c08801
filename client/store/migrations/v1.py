"""The first version: the journal, its records, settings and cursors."""

STATEMENTS = (
    """
    CREATE TABLE area (
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
    CREATE TABLE checkin (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        day VARCHAR NOT NULL,
        "plan" VARCHAR NOT NULL,
        slot INTEGER NOT NULL,
        area VARCHAR NOT NULL,
        point VARCHAR NOT NULL,
        actor VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        result VARCHAR NOT NULL,
        grade VARCHAR NOT NULL,
        late BOOLEAN NOT NULL,
        withdrawn BOOLEAN NOT NULL,
        seq INTEGER,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX checkin_of_day ON checkin (school, day, at)",
    "CREATE INDEX checkin_of_subject ON checkin (school, subject)",
    """
    CREATE TABLE cursor (
        scope VARCHAR NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (scope)
    )
    """,
    """
    CREATE TABLE device (
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
    CREATE TABLE entry (
        id VARCHAR NOT NULL,
        school VARCHAR NOT NULL,
        device VARCHAR NOT NULL,
        number INTEGER NOT NULL,
        hash VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        scope VARCHAR NOT NULL,
        actor VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        header BLOB NOT NULL,
        body BLOB,
        verdict VARCHAR NOT NULL,
        seq INTEGER,
        reason VARCHAR NOT NULL,
        remarks TEXT NOT NULL,
        received_at VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX entry_of_device ON entry (device, number)",
    "CREATE UNIQUE INDEX entry_of_school ON entry (school, seq)",
    "CREATE INDEX entry_of_subject ON entry (school, subject)",
    """
    CREATE TABLE head (
        device VARCHAR NOT NULL,
        number INTEGER NOT NULL,
        hash VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        signature VARCHAR NOT NULL,
        PRIMARY KEY (device, number)
    )
    """,
    """
    CREATE TABLE label (
        school VARCHAR NOT NULL,
        token VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        point VARCHAR NOT NULL,
        typed VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        void BOOLEAN NOT NULL,
        PRIMARY KEY (school, token)
    )
    """,
    "CREATE INDEX ix_label_subject ON label (subject)",
    "CREATE INDEX label_typed ON label (school, typed)",
    """
    CREATE TABLE "plan" (
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
    CREATE TABLE point (
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
    CREATE TABLE round (
        school VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        "plan" VARCHAR NOT NULL,
        day VARCHAR NOT NULL,
        slot INTEGER NOT NULL,
        closed BOOLEAN NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, subject)
    )
    """,
    "CREATE INDEX round_of_day ON round (school, day)",
    """
    CREATE TABLE school (
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
    CREATE TABLE setting (
        name VARCHAR NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE staff (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    # What waits to be sent is asked for all the time: the whole answer is in this index.
    "CREATE INDEX entry_standing ON entry (device, verdict, number)",
)
