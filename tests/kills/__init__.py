"""A renewal that is killed: at every named point and at random moments, in processes of its own, with SIGKILL."""
