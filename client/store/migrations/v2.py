"""Hazards and photos: which entries name a photo, which photos still have to reach the server,
and what a person has begun and not saved yet.
"""

STATEMENTS = (
    """
    CREATE TABLE entry_photo (
        school VARCHAR NOT NULL,
        hash VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        device VARCHAR NOT NULL,
        scope VARCHAR NOT NULL,
        PRIMARY KEY (school, hash, entry)
    )
    """,
    """
    CREATE TABLE hazard (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        number VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        lane VARCHAR NOT NULL,
        grade VARCHAR NOT NULL,
        category VARCHAR NOT NULL,
        source VARCHAR NOT NULL,
        area VARCHAR NOT NULL,
        point VARCHAR NOT NULL,
        content TEXT NOT NULL,
        reporter VARCHAR NOT NULL,
        responsible VARCHAR NOT NULL,
        deadline VARCHAR NOT NULL,
        reported_at VARCHAR NOT NULL,
        year INTEGER NOT NULL,
        changed_at VARCHAR NOT NULL,
        done_at VARCHAR NOT NULL,
        closed_at VARCHAR NOT NULL,
        pending BOOLEAN NOT NULL,
        seen INTEGER NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX hazard_of_state ON hazard (school, state, deadline)",
    "CREATE INDEX hazard_of_subject ON hazard (school, subject)",
    "CREATE INDEX hazard_of_time ON hazard (school, reported_at)",
    """
    CREATE TABLE photo (
        hash VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        bytes INTEGER NOT NULL,
        state VARCHAR NOT NULL,
        upload VARCHAR NOT NULL,
        problem VARCHAR NOT NULL,
        kept_at VARCHAR NOT NULL,
        received_at VARCHAR NOT NULL,
        PRIMARY KEY (hash)
    )
    """,
    "CREATE INDEX ix_photo_entry ON photo (entry)",
    """
    CREATE TABLE draft (
        name VARCHAR NOT NULL,
        value TEXT NOT NULL,
        changed_at VARCHAR NOT NULL,
        PRIMARY KEY (name)
    )
    """,
)
