"""Tests of what runs inside the lab process."""
