from contextlib import contextmanager
from unittest import mock


@contextmanager
def a_l_instant(quand):
    """Gestures made inside believe that it is `quand`: a story of several months is told in a minute."""
    with mock.patch("django.utils.timezone.now", return_value=quand):
        yield quand
