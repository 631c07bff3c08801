"""Tests of the hazard screens."""
