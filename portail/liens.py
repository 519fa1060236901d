"""Ce qui relie organismes et territoires aux contrats, toujours dans le périmètre du lecteur."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from contrats.models import Action, Contrat, Fiche, Partenariat, Partie
from contrats.presentation.comptes import Lecteur
from gouvernance.models import Participation
from partenaires.models import Organisme
from territoires.models import Territoire

# Du quartier au pays : aucun emboîtement n'est plus profond, et une boucle mal saisie s'arrête.
PROFONDEUR = 8


def organismes_engages(organismes: QuerySet[Organisme], lecteur: Lecteur) -> QuerySet[Organisme]:
    """Ceux qu'un contrat visible cite : partie, liste de fiche, rôle d'action ou instance."""
    contrats = Contrat.objects.visibles_par(lecteur)
    return organismes.filter(
        Exists(Partie.objects.filter(organisme=OuterRef("pk"), contrat__in=contrats))
        | Exists(partenariats_visibles(lecteur).filter(organisme=OuterRef("pk")))
        | Exists(
            Participation.objects.filter(organisme=OuterRef("pk"), instance__contrat__in=contrats)
        )
    )


def partenariats_visibles(lecteur: Lecteur) -> QuerySet[Partenariat]:
    """Mentions de liste et rôles d'action des fiches et actions que le lecteur voit."""
    return Partenariat.objects.filter(
        Q(section__fiche__in=Fiche.objects.visibles_par(lecteur))
        | Q(action__in=Action.objects.visibles_par(lecteur))
    )


def contenants(territoire: Territoire) -> list[Territoire]:
    """Territoires qui le contiennent, du plus proche au plus large : une requête."""
    return _parcourir(territoire, de="enfant_id", vers="parent_id")


def contenus(territoire: Territoire) -> list[Territoire]:
    """Territoires qu'il contient, du plus proche au plus fin : une requête."""
    return _parcourir(territoire, de="parent_id", vers="enfant_id")


# Récursif : un niveau de plus ne coûte pas une requête. Les deux moteurs l'écrivent pareil.
ARBRE = """
WITH RECURSIVE arbre(id, rang) AS (
    SELECT VERS, 1 FROM territoires_rattachement WHERE DE = %(depart)s
    UNION
    SELECT lien.VERS, arbre.rang + 1
    FROM territoires_rattachement lien JOIN arbre ON lien.DE = arbre.id
    WHERE arbre.rang < %(profondeur)s
)
SELECT t.* FROM territoires_territoire t
JOIN (SELECT id, MIN(rang) AS rang FROM arbre GROUP BY id) proche ON proche.id = t.id
WHERE t.id <> %(depart)s ORDER BY proche.rang, t.type, t.nom, t.id
"""


def _parcourir(territoire: Territoire, *, de: str, vers: str) -> list[Territoire]:
    requete = ARBRE.replace("DE =", f"{de} =").replace("VERS", vers)
    parametres = {"depart": territoire.pk, "profondeur": PROFONDEUR}
    return list(Territoire.objects.raw(requete, parametres))
