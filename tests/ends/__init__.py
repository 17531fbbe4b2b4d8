"""Where practice's situations end when a person walks the window through them in a real page."""
