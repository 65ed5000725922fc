"""Forms of the dossier: one per section, and the filing's own."""
