"""Tests of the scan screen's parts."""
