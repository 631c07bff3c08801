"""A district's own conditions of what makes a hazard a major one."""

STATEMENTS = (
    """
    CREATE TABLE condition (
        school VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        detail TEXT NOT NULL,
        PRIMARY KEY (school, id)
    )
    """,
)
