"""Tests of the leave screens."""
