"""Every request of the journey with every network fault."""
