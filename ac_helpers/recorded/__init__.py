"""Runs that were made once, to be shown in the notebooks."""
