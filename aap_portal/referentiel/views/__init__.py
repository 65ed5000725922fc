"""Views of the reference data, one module per subject."""
