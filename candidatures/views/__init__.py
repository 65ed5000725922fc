"""Views of the dossiers, one module per gesture."""
