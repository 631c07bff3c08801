"""Every version the device's database has had, and the steps between them.

A step is SQL that was right on its day and is never edited again. The version is the file's
`user_version`; each step and its new version are one transaction.
"""

from sqlalchemy import Connection

from client.store.migrations import v1, v2, v3, v4, v5, v6

STEPS: tuple[tuple[str, ...], ...] = (
    v1.STATEMENTS,
    v2.STATEMENTS,
    v3.STATEMENTS,
    v4.STATEMENTS,
    v5.STATEMENTS,
    v6.STATEMENTS,
)
NEWEST = len(STEPS)


def migrate(connection: Connection, application_id: int) -> None:
    """Bring the database from whatever version it has to the newest."""
    for number, statements in enumerate(STEPS, start=1):
        if _version(connection) >= number:
            continue
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            if _version(connection) >= number:  # another process was quicker
                connection.exec_driver_sql("ROLLBACK")
                continue
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")
            connection.exec_driver_sql(f"PRAGMA application_id = {application_id}")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _version(connection: Connection) -> int:
    return connection.exec_driver_sql("PRAGMA user_version").scalar_one()
