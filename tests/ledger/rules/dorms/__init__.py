"""Tests of the rules of the night."""
