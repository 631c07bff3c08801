"""`python -m ledger`: the `xunan` command, for programs that start it by their own interpreter."""

import sys

from ledger.command import main

sys.exit(main())
