"""What every test, and every process a test starts, has in common."""

import os

# Here a key without words is an error; the processes started by tests inherit it.
os.environ["XUNAN_STRICT_WORDS"] = "1"
