"""Tests of the schedule for the daily renewal."""
