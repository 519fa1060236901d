"""Écrit ce qu'un avenant change : le droit, l'état, la règle, puis l'écriture à version contrôlée.

Le texte de l'avenant (les articles de son contrat) se rédige d'après ses effets : ce que les
parties signent est ce qui s'appliquera.
"""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from avenants.conflits import TexteModifieDepuis, chercher, texte_lu
from avenants.enums import NatureEffet
from avenants.lecture import Sources, en_euros, sources
from avenants.models import Avenant, Effet
from avenants.texte import Piece, en_vigueur, trouver
from comptes.models import Utilisateur
from contrats.enums import LienParent
from contrats.models import Article, Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from texte.dates import en_lettres

MOTIF = "Effets de l'avenant"


def avenant_de(contrat: Contrat) -> Avenant:
    """L'avenant que porte ce contrat enfant ; à enregistrer s'il n'a encore rien de propre.

    Lève `TransitionImpossible` si ce contrat n'en est pas un.
    """
    if contrat.lien != LienParent.AVENANT or contrat.parent is None:
        raise TransitionImpossible("Ce contrat n'est pas l'avenant d'un autre.")
    existant = Avenant.objects.filter(contrat=contrat).select_related("modifie").first()
    avenant = existant or Avenant(contrat=contrat, modifie=contrat.parent)
    avenant.contrat = contrat
    return avenant


def effets_de(avenant: Avenant) -> list[Effet]:
    """Ses effets, dans l'ordre ; aucun s'il n'est pas encore enregistré."""
    if avenant.pk is None:
        return []
    return list(avenant.effets.select_related("organisme").order_by("ordre"))


@transaction.atomic
def ecrire(
    avenant: Avenant,
    effets: Sequence[Effet],
    natures: Iterable[NatureEffet],
    *,
    version: int,
    par: Utilisateur,
) -> None:
    """Les effets de ces natures deviennent ceux-là ; les autres restent.

    Lève `PermissionDenied`, `TransitionImpossible` (déjà relu ou signé), `VersionPerimee`,
    `TexteModifieDepuis` ou `ValidationError` (par clé).
    """
    if not peut(par, Acte.MODIFIER, avenant.contrat):
        raise PermissionDenied("Rédiger un avenant : votre rôle ne le permet pas.")
    if not avenant.modifiable:
        raise TransitionImpossible(
            "Les effets d'un avenant s'écrivent tant qu'il est en préparation : "
            "renvoyez-le en préparation d'abord."
        )
    mettre_a_jour(avenant.contrat, version=version)
    if avenant.pk is None:
        avenant.save()
    remplacees = {nature.value for nature in natures}
    gardes = [e for e in effets_de(avenant) if e.nature not in remplacees]
    lues = sources(avenant.modifie)
    tous = [*gardes, *effets]
    for ordre, effet in enumerate(tous, 1):
        effet.avenant, effet.ordre = avenant, ordre
    if conflits := chercher(effets, lues):
        raise TexteModifieDepuis(conflits)
    valider(tous, lues)
    avenant.effets.all().delete()
    for effet in tous:
        effet.pk = None
    Effet.objects.bulk_create(tous)
    _rediger(avenant, tous, lues)
    versionner(avenant.contrat, par=par, motif=MOTIF)


def valider(effets: Sequence[Effet], lues: Sources) -> None:
    """Chaque effet a une cible qui existe et une forme juste ; lève `ValidationError` par clé."""
    erreurs: dict[str, list[str]] = {}
    places: set[str] = set()
    cites: set[str] = set()
    for effet in effets:
        texte = texte_lu(lues, effet.depart)
        fautes = [] if effet.cle not in cites else ["Cet avenant touche déjà cette disposition."]
        cites.add(effet.cle)
        fautes += _fautes_de_cible(effet, texte, places)
        try:
            effet.clean_fields(exclude=["avenant"])
            for contrainte in Effet._meta.constraints:
                if not contrainte.name.endswith("_unique"):
                    contrainte.validate(Effet, effet)
        except ValidationError as erreur:
            fautes += erreur.messages
        if fautes:
            erreurs[effet.cle] = fautes
        places.add(effet.cle)
    if erreurs:
        raise ValidationError(erreurs)  # type: ignore[arg-type]  # des listes par clé


def _fautes_de_cible(effet: Effet, texte: Sequence[Piece], places: set[str]) -> list[str]:
    vigueur = en_vigueur(texte)
    cible = trouver(vigueur, effet.cle)
    nature = NatureEffet(effet.nature) if effet.nature in NatureEffet.values else None
    if nature in NatureEffet.qui_ajoutent() and cible:
        return [f"{cible.libelle} existe déjà dans le texte en vigueur : prenez un autre numéro."]
    demande_une_cible = nature not in (*NatureEffet.qui_ajoutent(), N.FIN, N.MONTANT, None)
    if demande_une_cible and cible is None:
        return ["Cette disposition n'est pas dans le texte en vigueur."]
    if effet.apres and effet.apres not in places and trouver(texte, effet.apres) is None:
        return ["La disposition après laquelle placer celle-ci n'existe pas."]
    if nature == N.FIN and effet.fin:
        contrat = effet.avenant.modifie
        if contrat.fin and effet.fin <= contrat.fin:
            actuelle = en_lettres(contrat.fin)
            return [f"Le contrat finit le {actuelle} : un report dit une date qui suit."]
        if contrat.debut and effet.fin <= contrat.debut:
            return ["La fin suit le début du contrat."]
    return []


N = NatureEffet


# Le texte que les parties signent


def _rediger(avenant: Avenant, effets: Sequence[Effet], lues: Sources) -> None:
    """Les articles du contrat de l'avenant, écrits d'après ses effets."""
    avenant.contrat.articles.all().delete()
    Article.objects.bulk_create(
        Article(contrat=avenant.contrat, numero=str(ordre), ordre=ordre, titre=titre, texte=texte)
        for ordre, (titre, texte) in enumerate((dire(effet, lues) for effet in effets), 1)
    )


def dire(effet: Effet, lues: Sources) -> tuple[str, str]:
    """Le titre et le texte d'un effet, tels qu'un avenant les écrit."""
    ancienne = trouver(texte_lu(lues, effet.depart), effet.cle)
    quoi = effet.cle.partition(":")[2]
    nom = ancienne.titre if ancienne and ancienne.titre else effet.titre
    nom = nom if len(nom) <= 200 else nom[:199] + "…"
    neuf = f"**{effet.titre}**\n\n{effet.texte}".strip()
    par_nature = {
        N.ARTICLE_REMPLACE: (
            f"Remplacement de l'article {quoi}",
            f"L'article {quoi}, « {nom} », est remplacé par :\n\n{neuf}",
        ),
        N.ARTICLE_AJOUTE: (
            f"Ajout d'un article {quoi}",
            f"Il est ajouté {_place(effet)} un article {quoi} ainsi rédigé :\n\n{neuf}",
        ),
        N.ARTICLE_ABROGE: (
            f"Abrogation de l'article {quoi}",
            f"L'article {quoi}, « {nom} », est abrogé.",
        ),
        N.FIN: (
            "Report de la fin du contrat",
            f"La fin du contrat est reportée au {en_lettres(effet.fin)}." if effet.fin else "",
        ),
        N.PARTIE_ENTREE: ("Entrée d'une partie", f"{nom} devient partie au contrat."),
        N.PARTIE_SORTIE: ("Sortie d'une partie", f"{nom} cesse d'être partie au contrat."),
        N.ACTION_AJOUTEE: ("Ajout d'une action", f"Il est ajouté une action :\n\n{neuf}"),
        N.ACTION_MODIFIEE: (
            "Modification d'une action",
            f"L'action « {nom} » est ainsi modifiée :\n\n{neuf}",
        ),
        N.ACTION_RETIREE: ("Retrait d'une action", f"L'action « {nom} » est retirée."),
        N.MONTANT: (
            "Montant",
            f"« {effet.titre} » : le montant est fixé à {en_euros(effet.montant)}."
            if effet.montant is not None
            else "",
        ),
    }
    titre, texte = par_nature[N(effet.nature)]
    return titre, f"{texte}\n\nMotif : {effet.motif}" if effet.motif else texte


def _place(effet: Effet) -> str:
    apres = effet.apres.partition(":")[2]
    return f"après l'article {apres}" if apres else "en tête"
