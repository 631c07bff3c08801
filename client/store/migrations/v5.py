"""What a district officer's device shows: the hazards the district watches at its schools."""

STATEMENTS = (
    """
    CREATE TABLE watched (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        of_school VARCHAR NOT NULL,
        school_name VARCHAR NOT NULL,
        number VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        grade VARCHAR NOT NULL,
        category VARCHAR NOT NULL,
        place VARCHAR NOT NULL,
        content TEXT NOT NULL,
        responsible VARCHAR NOT NULL,
        deadline VARCHAR NOT NULL,
        reported_at VARCHAR NOT NULL,
        listed_at VARCHAR NOT NULL,
        changed_at VARCHAR NOT NULL,
        closed_at VARCHAR NOT NULL,
        supervised_until VARCHAR NOT NULL,
        on_the_way INTEGER NOT NULL,
        told INTEGER NOT NULL,
        pending BOOLEAN NOT NULL,
        seen INTEGER NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
    "CREATE INDEX watched_of_school ON watched (school, of_school, state)",
    "CREATE INDEX watched_of_subject ON watched (school, subject)",
    "CREATE INDEX watched_on_the_way ON watched (school, on_the_way)",
)
