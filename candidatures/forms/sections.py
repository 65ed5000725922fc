"""The sections that are one form each, by their code."""

from .budgets import BudgetsForm
from .missions import MissionsForm
from .rubriques import AttestationsForm, ProjetForm, StructureForm, TerritoireForm

SECTIONS = {
    "structure": StructureForm,
    "projet": ProjetForm,
    "territoire": TerritoireForm,
    "missions": MissionsForm,
    "budgets": BudgetsForm,
    "attestations": AttestationsForm,
}
