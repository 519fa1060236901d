"""Un contrat signé, ses projets d'avenant, et de quoi les faire entrer en vigueur."""

import datetime

import factory
from django.utils import timezone

from avenants.effets import ecrire
from avenants.entree import entrer_en_vigueur
from avenants.enums import NatureEffet
from avenants.models import Avenant, Effet
from contrats.enums import LienParent, StatutContrat
from contrats.models import Contrat
from contrats.versions import versionner
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ArticleFactory, ContratFactory, PartieFactory

SIGNE_LE = datetime.date(2020, 1, 1)
FIN = datetime.date(2025, 12, 31)
N = NatureEffet


def contrat_signe(*articles: tuple[str, str, str], **champs) -> Contrat:
    """Contrat publié et signé, ses articles (numéro, titre, texte) et sa version signée."""
    contrat = ContratFactory(
        publie=True,
        statut=StatutContrat.SIGNE,
        **{"debut": SIGNE_LE, "fin": FIN, **champs},
    )
    lignes = articles or [
        ("1", "Objet", "Les parties coopèrent."),
        ("2", "Gouvernance", "Un comité se réunit chaque année."),
        ("3", "Moyens", "Chaque partie apporte des moyens, comme le dit l'article 2."),
    ]
    for ordre, (numero, titre, texte) in enumerate(lignes, 1):
        ArticleFactory(contrat=contrat, numero=numero, ordre=ordre, titre=titre, texte=texte)
    PartieFactory(contrat=contrat, libelle="La ville", rang=1)
    versionner(contrat, par=None)
    return contrat


class AvenantFactory(factory.django.DjangoModelFactory):
    """Projet d'avenant en préparation."""

    class Meta:
        model = Avenant

    class Params:
        entre = None  # le numéro d'un avenant entré en vigueur

    numero = factory.SelfAttribute("entre")
    effet_le = factory.LazyAttribute(lambda a: SIGNE_LE if a.entre else None)
    entre_le = factory.LazyAttribute(lambda a: timezone.now() if a.entre else None)
    entre_par = factory.LazyAttribute(lambda a: UtilisateurFactory() if a.entre else None)
    modifie = factory.LazyFunction(contrat_signe)
    contrat = factory.SubFactory(
        ContratFactory,
        parent=factory.SelfAttribute("..modifie"),
        lien=LienParent.AVENANT,
        slug=factory.Sequence(lambda n: f"avenant-{n}"),
    )


class EffetFactory(factory.django.DjangoModelFactory):
    """Le report de la fin."""

    class Meta:
        model = Effet

    avenant = factory.SubFactory(AvenantFactory)
    ordre = 1
    nature = N.FIN
    cle = "fin"
    fin = datetime.date(2030, 12, 31)
    motif = "Une circulaire le permet."


def effet(nature: NatureEffet, cle: str, *, depart: int = 0, **champs) -> Effet:
    """Un effet à écrire."""
    return Effet(nature=nature, cle=cle, depart=depart, **champs)


def remplace(numero: str, texte: str = "Texte nouveau.", *, titre="Nouveau", depart=0) -> Effet:
    return effet(N.ARTICLE_REMPLACE, f"article:{numero}", titre=titre, texte=texte, depart=depart)


def ajoute(numero: str, apres: str = "", *, depart=0, texte="Texte ajouté.") -> Effet:
    place = f"article:{apres}" if apres else ""
    return effet(
        N.ARTICLE_AJOUTE,
        f"article:{numero}",
        apres=place,
        titre=f"Ajout {numero}",
        texte=texte,
        depart=depart,
    )


def abroge(numero: str, *, depart=0) -> Effet:
    return effet(N.ARTICLE_ABROGE, f"article:{numero}", depart=depart)


def proroge(fin: datetime.date, motif="Une circulaire le permet.", *, depart=0) -> Effet:
    return effet(N.FIN, "fin", fin=fin, motif=motif, depart=depart)


def projet(contrat: Contrat, *effets: Effet, par=None) -> Avenant:
    """Un projet d'avenant qui porte ces effets, écrits par le service."""
    avenant = AvenantFactory(modifie=contrat)
    ecrire(
        avenant,
        effets,
        list(N),
        version=avenant.contrat.version,
        par=par or UtilisateurFactory(administrateur=True),
    )
    return avenant


def signer(avenant: Avenant) -> Avenant:
    """L'avenant comme si les parties l'avaient signé."""
    Contrat.objects.filter(pk=avenant.contrat.pk).update(statut=StatutContrat.SIGNE)
    avenant.contrat.refresh_from_db()
    return avenant


def en_vigueur(
    contrat: Contrat, *effets: Effet, le=datetime.date(2021, 1, 1), par=None, confirmes=()
) -> Avenant:
    """Un avenant signé et entré en vigueur à cette date."""
    par = par or UtilisateurFactory(administrateur=True)
    avenant = signer(projet(contrat, *effets, par=par))
    contrat.refresh_from_db()
    avenant.modifie = contrat
    entrer_en_vigueur(avenant, effet_le=le, version=contrat.version, par=par, confirmes=confirmes)
    contrat.refresh_from_db()
    return avenant
