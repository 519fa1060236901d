"""Un contrat qui porte tout ce qu'un document sait imprimer."""

import datetime
import hashlib
from decimal import Decimal

import factory
from django.utils import timezone

from contrats.enums import (
    ContenuAnnexe,
    EtatSection,
    NatureFinancement,
    NatureSection,
    Precision,
    RolePartenaire,
    RolePartie,
    RoleSignature,
    StatutAction,
    StatutContrat,
    StatutFiche,
)
from contrats.models import (
    Annexe,
    Contrat,
    Critere,
    Engagement,
    Etape,
    Facteur,
    Financement,
    Jalon,
    Livrable,
    ProjetLie,
    Renvoi,
    Responsable,
    Risque,
    Signature,
)
from documents.enums import EtatPreparation, GenrePreparation, Nature, Valeur
from documents.figes.stockage import garder
from documents.figes.verification import empreinte_du_debut
from documents.models import DocumentFige, Preparation, Publication
from gouvernance.enums import RoleParticipation, TypeInstance
from gouvernance.models import Instance, Participation
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    ContratFactory,
    FicheFactory,
    ModeleFicheFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
    SectionModeleFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory, PersonneFactory

SIGNE_LE = datetime.date(2017, 7, 10)
NOTE = "La **métropole** et la campagne[^1] se répondent.\n\n[^1]: Au sens du zonage en aires."


class SignatureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Signature

    contrat = factory.SelfAttribute("partie.contrat")
    partie = factory.SubFactory(PartieFactory)
    personne = factory.SubFactory(PersonneFactory)
    role = RoleSignature.SIGNATAIRE
    qualite = "Président"
    rang = factory.Sequence(lambda n: n)
    lieu = "Fleurance"
    le = SIGNE_LE


def contrat_riche(*, nb_fiches: int = 2, signe: bool = True) -> Contrat:
    """Contrat publié : toutes les pièces d'un document, deux parties, un témoin, des fiches."""
    contrat = ContratFactory(
        publie=True,
        statut=StatutContrat.SIGNE if signe else StatutContrat.EN_PREPARATION,
        intitule="Contrat de réciprocité entre la Ville-Centre et le Pays des Collines",
        intitule_court="Contrat Ville-Centre, Pays des Collines",
        preambule="Les parties **coopèrent** depuis longtemps.",
        nature_juridique="Accord de partenariat.",
        dotation_propre=False,
        programme="2017/2018",
    )
    ville = PartieFactory(contrat=contrat, libelle="Ville-Centre", role=RolePartie.VILLE)
    pays = PartieFactory(contrat=contrat, libelle="Pays des Collines", role=RolePartie.CAMPAGNE)
    date = SIGNE_LE if signe else None
    SignatureFactory(partie=ville, le=date)
    SignatureFactory(partie=pays, le=date)
    SignatureFactory(
        partie=None, contrat=contrat, role=RoleSignature.TEMOIN, qualite="Ministre", le=date
    )
    _textes(contrat, [ville, pays])
    _gouvernance(contrat)
    axe = AxeFactory(contrat=contrat, intitule="Mobilités", texte="")
    for _ in range(nb_fiches):
        fiche_complete(contrat=contrat, axe=axe, statut=StatutFiche.PUBLIEE, publiee=False)
    return contrat


def _textes(contrat, parties):
    premier = ArticleFactory(contrat=contrat, numero="1", titre="Objet du contrat", texte=NOTE)
    second = ArticleFactory(contrat=contrat, numero="2", titre="Engagements des parties")
    engagement = Engagement.objects.create(
        contrat=contrat, article=second, ordre=1, texte="Animer le partenariat."
    )
    engagement.porteurs.set(parties)
    engagement.beneficiaires.set(parties)
    vide = Annexe.objects.create(
        contrat=contrat, numero="1", ordre=1, intitule="Protocole", contenu=ContenuAnnexe.VIDE
    )
    Annexe.objects.create(
        contrat=contrat, numero="2", ordre=2, intitule="Fiches", contenu=ContenuAnnexe.FICHES
    )
    Renvoi.objects.create(article=premier, ordre=1, texte="cf. annexe 1", annexe=vide)
    Etape.objects.create(
        contrat=contrat,
        ordre=1,
        date_texte="été 2016",
        precision=Precision.SAISON,
        intitule="Volonté commune",
    )
    Financement.objects.create(
        contrat=contrat,
        ordre=1,
        intitule="Volet coopération",
        montant=Decimal(500_000),
        nature=NatureFinancement.INDICATIF,
        financeur=OrganismeFactory(nom="État"),
    )


def _gouvernance(contrat):
    comite = Instance.objects.create(
        contrat=contrat,
        cle="copil",
        ordre=1,
        nom="Comité de pilotage",
        type=TypeInstance.PILOTAGE,
        mission="Suit les actions.",
    )
    Participation.objects.create(
        instance=comite, libelle="Les présidents", role=RoleParticipation.CO_PRESIDE, ordre=1
    )


def fiche_de_toutes_natures(contrat):
    """Une fiche qui a une section de chaque nature, dont une néant et une non renseignée."""
    fiche = FicheFactory(contrat=contrat, modele=ModeleFicheFactory(), statut=StatutFiche.PUBLIEE)
    sections = {}
    for nature in NatureSection:
        modele = SectionModeleFactory(
            modele=fiche.modele, cle=nature, libelle=nature.label, nature=nature
        )
        sections[nature] = SectionFactory(fiche=fiche, modele=modele)
    for cle, etat in (("ras", EtatSection.NEANT), ("vide", EtatSection.A_RENSEIGNER)):
        modele = SectionModeleFactory(modele=fiche.modele, cle=cle, libelle=f"Section {cle}")
        SectionFactory(fiche=fiche, modele=modele, etat=etat)
    _lignes(fiche, sections)
    return fiche


def _lignes(fiche, sections):
    texte = sections[NatureSection.TEXTE]
    texte.texte = NOTE
    texte.save(update_fields=["texte"])
    parent = ActionFactory(
        fiche=fiche,
        horizon="",
        demonstration=True,
        statut=StatutAction.EN_COURS,
        avancement=40,
        echeance=datetime.date(2000, 1, 1),
    )
    ActionFactory(fiche=fiche, horizon="", parent=parent, intitule="Un sous-point")
    PartenariatFactory(action=parent, role=RolePartenaire.PILOTE)
    liste = sections[NatureSection.PARTENAIRES]
    liste.liste_ouverte = True
    liste.save(update_fields=["liste_ouverte"])
    PartenariatFactory(
        action=None, section=liste, role=RolePartenaire.POTENTIEL, mention="MIN de Toulouse"
    )
    ligne = {"ordre": 1}
    Jalon.objects.create(
        section=sections[NatureSection.JALONS],
        intitule="Accord",
        echeance_texte="fin 2015",
        **ligne,
    )
    Livrable.objects.create(
        section=sections[NatureSection.LIVRABLES], intitule="Rapport annuel", **ligne
    )
    Risque.objects.create(
        section=sections[NatureSection.RISQUES],
        intitule="Conflit d'intérêt",
        imprime_sous="Facteurs clés de succès",
        **ligne,
    )
    Facteur.objects.create(
        section=sections[NatureSection.FACTEURS], intitule="Portage politique", **ligne
    )
    Critere.objects.create(
        section=sections[NatureSection.CRITERES],
        intitule="Nombre de projets",
        nature="quantitatif",
        **ligne,
    )
    ProjetLie.objects.create(
        section=sections[NatureSection.PROJETS_LIES], intitule="Projet 12", **ligne
    )
    Responsable.objects.create(
        section=sections[NatureSection.RESPONSABLES],
        intitule="Chef de projet",
        personne=PersonneFactory(nom="Responsable"),
        **ligne,
    )
    Renvoi.objects.create(section=texte, ordre=1, texte="cf. infra fiche 6", fiche=fiche)
    Renvoi.objects.create(section=texte, ordre=2, texte="fiche 17", document="Bilan année 1")


class DocumentFigeFactory(factory.django.DjangoModelFactory):
    """Document figé et publié, aux octets rangés au dépôt, sans rendu."""

    class Meta:
        model = DocumentFige

    contrat = factory.SubFactory(ContratFactory, publie=True)
    code = factory.Sequence(lambda n: f"RCP-0000-{n:04d}")
    nature = Nature.CONTRAT
    titre = factory.Sequence(lambda n: f"Document {n}")
    version = 1
    valeur = Valeur.PROJET
    octets = factory.LazyAttribute(lambda d: f"%PDF-1.7\n{d.code}\n%%EOF\n".encode())
    empreinte = factory.LazyAttribute(lambda d: hashlib.sha256(d.octets).hexdigest())
    debut = factory.LazyAttribute(lambda d: empreinte_du_debut(d.octets))
    taille = factory.LazyAttribute(lambda d: len(d.octets))
    nb_pages = 1
    fige_le = factory.LazyFunction(timezone.now)
    fige_par = factory.SubFactory(UtilisateurFactory)

    @classmethod
    def _create(cls, model_class, *args, octets, **kwargs):
        document = super()._create(model_class, *args, **kwargs)
        garder(octets, document.chemin)
        Publication.objects.create(
            document=document, publie_le=document.fige_le, par=document.fige_par
        )
        return document


class PreparationFactory(factory.django.DjangoModelFactory):
    """Un fichier prêt, aux octets rangés au dépôt."""

    class Meta:
        model = Preparation

    contrat = factory.SubFactory(ContratFactory, publie=True)
    genre = GenrePreparation.RECUEIL
    restreinte = False
    source = factory.Sequence(lambda n: f"{n:064x}")
    etat = EtatPreparation.PRETE
    demandee_le = factory.LazyFunction(timezone.now)
    prete_le = factory.LazyFunction(timezone.now)
    nom = "recueil.pdf"
    octets = factory.LazyAttribute(lambda p: f"%PDF-1.7\n{p.source}\n%%EOF\n".encode())
    empreinte = factory.LazyAttribute(lambda p: hashlib.sha256(p.octets).hexdigest())
    taille = factory.LazyAttribute(lambda p: len(p.octets))

    @classmethod
    def _create(cls, model_class, *args, octets, **kwargs):
        preparation = super()._create(model_class, *args, **kwargs)
        garder(octets, preparation.chemin)
        return preparation
