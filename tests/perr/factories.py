"""Une matrice : annexe, colonnes de quartiers, cellules.

`matrice(actions=3, colonnes=2)` en fait une entière, aux cellules vides.
"""

import hashlib

import factory

from contrats.enums import NatureAxe, TypeContrat
from contrats.models import Contrat
from perr.contenu import Contenu
from perr.ecriture import Modification, ecrire_cellules
from perr.enums import StatutDeclinaison
from perr.models import AnnexeTerritoriale, Colonne, Declinaison, Import, QuartierDeColonne
from territoires.enums import Couverture
from tests.contrats.factories import ActionFactory, AxeFactory, ContratFactory
from tests.territoires.factories import TerritoireFactory


class AnnexeTerritorialeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AnnexeTerritoriale

    contrat = factory.SubFactory(ContratFactory, publie=True)
    cle = factory.Sequence(lambda n: f"annexe-{n}")
    nom = factory.Sequence(lambda n: f"Annexe {n}")
    ordre_sommaire = factory.Sequence(lambda n: n)
    ordre_imprime = factory.Sequence(lambda n: n)


class ColonneFactory(factory.django.DjangoModelFactory):
    """`quartiers=[…]` : les QPV couverts, en totalité sauf `couverture=Couverture.PARTIELLE`."""

    class Meta:
        model = Colonne
        skip_postgeneration_save = True

    annexe = factory.SubFactory(AnnexeTerritorialeFactory)
    cle = factory.Sequence(lambda n: f"colonne-{n}")
    abrege = factory.Sequence(lambda n: f"C{n}")
    rang = factory.Sequence(lambda n: n)
    libelle = factory.Sequence(lambda n: f"Colonne {n}")

    @factory.post_generation
    def quartiers(colonne, create, extracted, couverture=Couverture.TOTALE, **kwargs):
        for quartier in extracted or ():
            QuartierDeColonne.objects.create(
                colonne=colonne, quartier=quartier, couverture=couverture
            )


class DeclinaisonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Declinaison

    colonne = factory.SubFactory(ColonneFactory)
    action = factory.SubFactory(
        ActionFactory, fiche=None, contrat=factory.SelfAttribute("..colonne.annexe.contrat")
    )
    statut = StatutDeclinaison.TEXTE
    texte = "Faire ceci dans le quartier."


def matrice(
    *, actions: int = 3, colonnes: int = 2, annexes: int = 1, publie: bool = True
) -> Contrat:
    """Contrat dont la matrice a deux programmes d'un pilier, et `colonnes` colonnes par annexe."""
    parent = ContratFactory(publie=publie, type=TypeContrat.VILLE)
    contrat = ContratFactory(publie=publie, type=TypeContrat.PERR, parent=parent, lien="annexe")
    pilier = AxeFactory(contrat=parent, nature=NatureAxe.PILIER, cle="cadre", intitule="Cadre")
    programmes = [
        AxeFactory(
            contrat=parent,
            parent=pilier,
            nature=NatureAxe.PROGRAMME,
            cle=f"programme-{n}",
            numero=str(n),
        )
        for n in (1, 2)
    ]
    for n in range(1, actions + 1):
        ActionFactory(
            fiche=None,
            contrat=contrat,
            axe=programmes[(n - 1) * 2 // actions],
            numero=str(n),
            ordre=n,
            horizon="",
        )
    for a in range(1, annexes + 1):
        annexe = AnnexeTerritorialeFactory(contrat=contrat, cle=f"a{a}", ordre_imprime=a)
        for c in range(1, colonnes + 1):
            ColonneFactory(annexe=annexe, rang=c, cle=f"c{c}", quartiers=[TerritoireFactory()])
    return contrat


def places(contrat):
    """`[(action, colonne)]` de toutes les cellules, ligne par ligne."""
    colonnes = Colonne.objects.filter(annexe__contrat=contrat).order_by(
        "annexe__ordre_imprime", "rang"
    )
    return [
        (action.pk, colonne.pk)
        for action in contrat.actions.order_by("ordre")
        for colonne in colonnes
    ]


def remplir(contrat, textes, *, par=None):
    """Écrit ces textes dans les premières cellules, lues vides ; rend le lot."""
    return ecrire_cellules(
        contrat,
        [
            Modification(action, colonne, None, Contenu(texte=texte))
            for (action, colonne), texte in zip(places(contrat), textes, strict=False)
        ],
        par=par,
    )


class ImportFactory(factory.django.DjangoModelFactory):
    """Session ouverte sur une table longue d'une cellule, pour un contrat sans matrice."""

    class Meta:
        model = Import

    contrat = factory.SubFactory(ContratFactory, publie=True, type=TypeContrat.PERR)
    nom = "perr.csv"
    fichier = "annexe;colonne;action;titre;texte\nOuest;Arènes;1;Animer;Ouvrir.\n".encode()
    empreinte = factory.LazyAttribute(lambda o: hashlib.sha256(o.fichier).hexdigest())
