"""What can't be shown as it is: entries of a newer app, and those a rule stumbled over."""

STATEMENTS = (
    """
    CREATE TABLE parked (
        school VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        why VARCHAR NOT NULL,
        PRIMARY KEY (school, subject, entry)
    )
    """,
)
