"""How list, check and keep-alive grow with the number of connections: time and memory at 10, 100 and 1,000."""
