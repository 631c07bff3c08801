"""Is a journal, a phone's or a server's, still the one that its devices signed?"""

from ledger.verify.journal import NotAJournal, verify_journal
from ledger.verify.report import Broken, Fault, Report

__all__ = ["Broken", "Fault", "NotAJournal", "Report", "verify_journal"]
