import datetime

import factory
from django.utils import timezone

from contrats.enums import (
    EtatSection,
    Horizon,
    ListeFiltree,
    NatureAxe,
    NatureSection,
    RoleHabilitation,
    RolePartenaire,
    RolePartie,
    StatutAction,
    StatutFiche,
    TransitionFiche,
    TypeContrat,
)
from contrats.models import (
    Action,
    Article,
    Axe,
    Commentaire,
    Contrat,
    Fiche,
    FiltreEnregistre,
    Invitation,
    Jeton,
    LigneDeLot,
    ModeleFiche,
    OriginalSigne,
    Partenariat,
    Partie,
    Section,
    SectionModele,
    Transition,
)
from tests.comptes.factories import UtilisateurFactory
from tests.partenaires.factories import OrganismeFactory

PUBLIE_LE = datetime.datetime(2026, 1, 15, 9, 0, tzinfo=datetime.UTC)


class ModeleFicheFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ModeleFiche

    cle = factory.Sequence(lambda n: f"modele-{n}")
    nom = factory.Sequence(lambda n: f"Modèle {n}")
    type_contrat = TypeContrat.RECIPROCITE


class SectionModeleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SectionModele

    modele = factory.SubFactory(ModeleFicheFactory)
    cle = factory.Sequence(lambda n: f"section-{n}")
    ordre = factory.Sequence(lambda n: n)
    libelle = "Contexte"
    nature = NatureSection.TEXTE


class ContratFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contrat

    class Params:
        publie = factory.Trait(publie_le=PUBLIE_LE)

    slug = factory.Sequence(lambda n: f"contrat-{n}")
    type = TypeContrat.RECIPROCITE
    intitule = factory.Sequence(lambda n: f"Contrat de réciprocité numéro {n}")
    intitule_court = factory.Sequence(lambda n: f"Contrat {n}")
    modele_fiche = factory.SubFactory(ModeleFicheFactory)


class PartieFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partie

    contrat = factory.SubFactory(ContratFactory)
    organisme = factory.SubFactory(OrganismeFactory)
    role = RolePartie.VILLE
    rang = factory.Sequence(lambda n: n)


class ArticleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Article

    contrat = factory.SubFactory(ContratFactory)
    numero = factory.Sequence(lambda n: str(n))
    ordre = factory.Sequence(lambda n: n)
    titre = "Objet"
    texte = "Les parties **coopèrent**."


class AxeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Axe

    contrat = factory.SubFactory(ContratFactory)
    cle = factory.Sequence(lambda n: f"axe-{n}")
    nature = NatureAxe.THEMATIQUE
    intitule = factory.Sequence(lambda n: f"Thématique {n}")
    ordre = factory.Sequence(lambda n: n)


class FicheFactory(factory.django.DjangoModelFactory):
    """Fiche nue ; `fiche_complete()` en fait une avec toutes ses sections."""

    class Meta:
        model = Fiche

    class Params:
        publiee = factory.Trait(
            statut=StatutFiche.PUBLIEE, contrat=factory.SubFactory(ContratFactory, publie=True)
        )

    contrat = factory.SubFactory(ContratFactory)
    modele = factory.SelfAttribute("contrat.modele_fiche")
    cle = factory.Sequence(lambda n: f"fiche-{n}")
    ordre = factory.Sequence(lambda n: n)
    titre = factory.Sequence(lambda n: f"Fiche {n}")
    statut = StatutFiche.BROUILLON
    motif_statut = factory.LazyAttribute(
        lambda f: "Motif d'essai" if f.statut in StatutFiche.motives() else ""
    )


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    fiche = factory.SubFactory(FicheFactory)
    modele = factory.SubFactory(
        SectionModeleFactory, modele=factory.SelfAttribute("..fiche.modele")
    )
    ordre = factory.Sequence(lambda n: n)
    libelle = factory.SelfAttribute("modele.libelle")
    etat = EtatSection.RENSEIGNEE


class ActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Action

    fiche = factory.SubFactory(FicheFactory)
    contrat = factory.LazyAttribute(lambda a: a.fiche.contrat if a.fiche else ContratFactory())
    ordre = factory.Sequence(lambda n: n)
    intitule = factory.Sequence(lambda n: f"Action {n}")
    horizon = Horizon.COURT
    statut = StatutAction.A_LANCER
    motif_statut = factory.LazyAttribute(
        lambda a: "Motif d'essai" if a.statut in StatutAction.motives() else ""
    )
    regroupee_dans = factory.Maybe(
        factory.LazyAttribute(lambda a: a.statut == StatutAction.REGROUPEE),
        factory.SubFactory(
            "tests.contrats.factories.ActionFactory",
            contrat=factory.SelfAttribute("..contrat"),
            fiche=factory.SelfAttribute("..fiche"),
        ),
        None,
    )


class PartenariatFactory(factory.django.DjangoModelFactory):
    """Rôle dans une action ; `section=…, action=None, role=POTENTIEL` pour une liste de fiche."""

    class Meta:
        model = Partenariat

    action = factory.SubFactory(ActionFactory)
    organisme = factory.SubFactory(OrganismeFactory)
    role = RolePartenaire.PARTENAIRE
    ordre = factory.Sequence(lambda n: n)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    contrat = factory.SubFactory(ContratFactory)
    email = factory.Sequence(lambda n: f"invitee{n}@exemple.invalid")
    role = RoleHabilitation.REDACTION
    empreinte = factory.Sequence(lambda n: f"{n:064d}")
    invitee_par = factory.SubFactory(UtilisateurFactory)
    expire_le = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=14))


class CommentaireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commentaire

    fiche = factory.SubFactory(FicheFactory)
    texte = "Précisez le calendrier."
    auteur = factory.SubFactory(UtilisateurFactory)


class TransitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Transition

    fiche = factory.SubFactory(FicheFactory)
    transition = TransitionFiche.SOUMETTRE
    de = StatutFiche.BROUILLON
    vers = StatutFiche.EN_RELECTURE


class FiltreEnregistreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FiltreEnregistre

    utilisateur = factory.SubFactory(UtilisateurFactory)
    liste = ListeFiltree.ACTIONS
    nom = factory.Sequence(lambda n: f"Filtre {n}")
    parametres = "en_retard=true"


class OriginalSigneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OriginalSigne

    contrat = factory.SubFactory(ContratFactory)
    nom = "contrat-signe.pdf"
    octets = b"%PDF-1.7"
    taille = 8
    empreinte = factory.Sequence(lambda n: f"{n:064d}")
    signe_le = "2019-03-12"
    depose_par = factory.SubFactory(UtilisateurFactory)


class LigneDeLotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LigneDeLot

    lot = factory.SubFactory("tests.edition.factories.LotFactory")
    rang = factory.Sequence(lambda n: n)
    action = factory.SubFactory(ActionFactory)
    intitule = factory.SelfAttribute("action.intitule")
    avant = {"echeance": None}
    apres = {"echeance": "2027-06-30"}


def fiche_complete(*, nb_actions: int = 2, publiee: bool = True, **champs) -> Fiche:
    """Fiche de réciprocité : contexte, actions pilote, court, moyen-long, liste de partenaires."""
    fiche = FicheFactory(publiee=publiee, **champs)
    gabarit = [
        ("contexte", NatureSection.TEXTE, ""),
        ("pilote", NatureSection.ACTIONS, Horizon.PILOTE),
        ("court", NatureSection.ACTIONS, Horizon.COURT),
        ("moyen-long", NatureSection.ACTIONS, Horizon.MOYEN_LONG),
        ("partenaires", NatureSection.PARTENAIRES, ""),
    ]
    for ordre, (cle, nature, horizon) in enumerate(gabarit, 1):
        modele, _ = SectionModele.objects.get_or_create(
            modele=fiche.modele,
            cle=cle,
            defaults={
                "ordre": ordre,
                "libelle": cle.capitalize(),
                "nature": nature,
                "horizon": horizon,
            },
        )
        section = SectionFactory(fiche=fiche, modele=modele, ordre=ordre)
        if nature == NatureSection.TEXTE:
            section.texte = "La **métropole** et la campagne se répondent."
            section.save(update_fields=["texte"])
        if nature == NatureSection.PARTENAIRES:
            PartenariatFactory.create_batch(
                2, action=None, section=section, role=RolePartenaire.POTENTIEL, mention="Partenaire"
            )
    ActionFactory(fiche=fiche, horizon=Horizon.PILOTE, ordre=0)
    for ordre in range(nb_actions):
        ActionFactory(fiche=fiche, horizon=Horizon.COURT, ordre=ordre + 1)
    return fiche


class JetonFactory(factory.django.DjangoModelFactory):
    """Ligne d'un jeton ; son texte, que rien ne garde, s'obtient par `contrats.jetons.creer`."""

    class Meta:
        model = Jeton

    cle = factory.Sequence(lambda n: f"{n:012x}")
    empreinte = "0" * 64
    nom = "Tableau de bord"
    utilisateur = factory.SubFactory(UtilisateurFactory)
    contrat = factory.SubFactory(ContratFactory)
    expire_le = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=90))
