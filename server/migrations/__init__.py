"""The database's shape, step by step. `migrate` brings any older one to today's.

The journal's tables come from the ledger, the rest are the server's own; both travel in one line
of revisions.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from server.database import Database, UnusableDatabase

LOCK_NUMBER = 0x58554E  # "XUN": keeps two starting servers from migrating at once


def migrate(database: Database) -> None:
    """Raises `UnusableDatabase`, having written nothing, for a newer or a foreign database."""
    try:
        with database.write() as connection:
            if not database.is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})"))
            config = _config(connection)
            script = ScriptDirectory.from_config(config)
            here = MigrationContext.configure(connection).get_current_revision()
            if here == script.get_current_head():
                return
            if here is not None and here not in {one.revision for one in script.walk_revisions()}:
                raise UnusableDatabase(
                    f"the database is of a newer version ({here}); nothing was written"
                )
            command.upgrade(config, "head")
    except OperationalError as error:
        raise UnusableDatabase(f"the database can't be opened: {error.orig}") from error
    except DatabaseError as error:
        raise UnusableDatabase(f"this is not a database of ours: {error.orig}") from error


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
