import copy

import pytest

from tests.cadre import vitrine


@pytest.fixture
def site(settings):
    """The portal, plus the showcase pages."""
    settings.ROOT_URLCONF = vitrine.__name__
    gabarits = copy.deepcopy(settings.TEMPLATES)
    gabarits[0]["DIRS"].append(settings.BASE_DIR / "tests" / "cadre" / "gabarits")
    settings.TEMPLATES = gabarits
    return settings
