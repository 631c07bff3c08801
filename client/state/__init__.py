"""What the screens show: plain frozen views, observed and never drawn here."""
