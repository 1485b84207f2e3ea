"""Judges histories. Shares no code with what it checks, and none with what makes the histories: it only reads them."""
