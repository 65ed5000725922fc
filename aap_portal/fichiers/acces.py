"""Who may read a file: the apps that attach files to their objects say so, here.

    @declarer_source
    def pieces_lisibles(personne):
        return PieceJustificative.objects.filter(dossier__in=Dossier.objects.visibles_par(personne)).values("fichier")

A file that no source names is readable by nobody: being its depositor gives no right (people leave structures).
"""

_sources = []
_suites_d_une_infection = []


def declarer_source(fonction):
    """Register `fonction(personne)`: a subquery of the ids of files that this person may read."""
    if fonction not in _sources:
        _sources.append(fonction)
    return fonction


def sources():
    return tuple(_sources)


def declarer_suite_d_une_infection(fonction):
    """Register `fonction(fichier)`, called in the transaction that marks a file as infected."""
    if fonction not in _suites_d_une_infection:
        _suites_d_une_infection.append(fonction)
    return fonction


def suites_d_une_infection():
    return tuple(_suites_d_une_infection)
