"""The connections that are there, as the window shows and tends them. Imported when there is something to show."""
