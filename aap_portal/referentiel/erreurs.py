"""How a rule says no: every reason at once, each a French sentence that tells what would satisfy it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Obstacle:
    """One reason why a gesture is refused.

    `champ` names the form field or the anchor that it is about, `lien` the page where it is mended,
    `reference` the passage of the text (« AAP 2022, B.2-3 »).
    """

    code: str
    message: str
    champ: str = ""
    lien: str = ""
    reference: str = ""

    def __str__(self):
        return self.message


class ErreurMetier(Exception):
    """A gesture that the rules refuse; `obstacles` says why, in the order in which a person would mend it."""

    def __init__(self, obstacles):
        self.obstacles = list(obstacles)
        super().__init__(" ".join(str(obstacle) for obstacle in self.obstacles))

    @classmethod
    def simple(cls, code, message, **details):
        return cls([Obstacle(code, message, **details)])

    @property
    def codes(self):
        return [obstacle.code for obstacle in self.obstacles]
