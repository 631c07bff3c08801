"""What phones and the server agree on: entries, the journal, rules, codes and wire messages."""
