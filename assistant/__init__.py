"""A set-up assistant that connects a company's Fortnox to a vendor's integration."""

__version__ = "0.1.0"
