"""What Alembic runs: always online, always on the connection `migrate` hands over."""

from alembic import context

from ledger.tables.catalogue import LedgerTable
from server.tables import ServerTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[LedgerTable.metadata, ServerTable.metadata],
    transactional_ddl=False,  # the caller's transaction holds everything
)
context.run_migrations()
