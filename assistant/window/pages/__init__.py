"""The pages of the wizard, one file each. A page shows the journey's state and tells what the person did."""
