import pytest


@pytest.fixture(autouse=True)
def fichiers_a_part(settings, tmp_path):
    """Each test stores its files in a folder of its own."""
    settings.FICHIERS_DIR = tmp_path / "fichiers"
