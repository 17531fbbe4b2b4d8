"""A relay as a vendor builds it, by docs/relay.md alone: it shares no code with the program. Tests walk through it."""
