"""What a structure may change of its dossier now: all of a draft, only what is named once it is filed."""

from dataclasses import dataclass

from .pieces import A_DEFAUT, CodePiece

# A post that changes may unbalance the plan: who names the first opens the second.
_ENTRAINES = {"plan": "postes"}


@dataclass(frozen=True)
class Ouverture:
    """`objets` are named « piece:rib », « rubrique:projet » or « champ:projet.diagnostic »; `tout` is a draft's."""

    tout: bool = False
    objets: frozenset = frozenset()

    def rubrique(self, code) -> bool:
        """True when something of this section may be changed."""
        return self.champs(code) != set()

    def champs(self, code):
        """Names of the only fields of this section that may be changed; None when all of them may."""
        if self.tout or {f"rubrique:{code}", f"rubrique:{_ENTRAINES.get(code)}"} & self.objets:
            return None
        prefixe = f"champ:{code}."
        return {objet.removeprefix(prefixe) for objet in self.objets if objet.startswith(prefixe)}

    def piece(self, code) -> bool:
        """True for a piece that is named, for what replaces one, and for a free document (readings 17 and 27)."""
        nommees = {objet.removeprefix("piece:") for objet in self.objets if objet.startswith("piece:")}
        remplacantes = {autre for nommee in nommees for autre in A_DEFAUT.get(nommee, ())}
        libre = code == CodePiece.LIBRE and bool(self.objets)
        return self.tout or libre or code in nommees or code in remplacantes

    def ouvre(self, objet) -> bool:
        """True when this section or this piece, by its name, may be changed."""
        nature, _, code = objet.partition(":")
        return self.piece(code) if nature == "piece" else self.rubrique(code)
