"""Tests of the core: no Qt in here."""
