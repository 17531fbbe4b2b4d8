"""What is done with connections that are there: told, checked, renewed, kept alive, removed, migrated. No Qt here."""
