"""Tests of the ladders and their channels."""
