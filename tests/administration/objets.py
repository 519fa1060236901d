"""Un objet de chaque modèle administré, avec `nb` lignes de chaque sorte."""

from django.contrib.auth.models import Group

from campagnes.models import Campagne, Contact, Reponse
from coherence.models import ConstatEcarte
from comptes.models import Assistance
from contrats.enums import (
    ContenuAnnexe,
    NatureFinancement,
    Precision,
    RoleHabilitation,
    RoleSignature,
)
from contrats.models import (
    Action,
    Axe,
    Commentaire,
    Contrat,
    Fiche,
    Habilitation,
    Invitation,
    Jeton,
    ModeleFiche,
    Transition,
    Version,
)
from contrats.versions import versionner
from courrier.models import Courriel
from documents.enums import ActeInscrit
from documents.figes import journal
from documents.models import DocumentFige, Inscription, Preparation
from indicateurs.models import (
    Analyse,
    Cible,
    ImportMesures,
    Indicateur,
    Mesure,
    Millesime,
    Source,
    Theme,
)
from notifications.models import Notification, Preference
from partenaires.models import Organisme, Personne
from perr.models import (
    AnnexeTerritoriale,
    AxePrioritaire,
    Colonne,
    Declinaison,
    Lot,
    TitreVariante,
)
from reprise.models import Repere
from signatures.models import CampagneSignature, Passage, PieceSignee, Signataire
from tableaux.models import Constat, Meteo
from territoires.models import Territoire
from tests.administration.objets_avenants import OBJETS_D_AVENANT
from tests.administration.objets_gouvernance import OBJETS_DE_GOUVERNANCE
from tests.administration.objets_indicateurs import (
    analyse,
    cible,
    import_de_mesures,
    indicateur,
    mesure,
    millesime,
    source,
    theme,
)
from tests.campagnes.factories import (
    CampagneFactory,
    ContactFactory,
    DestinataireFactory,
    ReponseFactory,
)
from tests.coherence.factories import ConstatEcarteFactory
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    CommentaireFactory,
    ContratFactory,
    FicheFactory,
    InvitationFactory,
    JetonFactory,
    ModeleFicheFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
    SectionModeleFactory,
    TransitionFactory,
)
from tests.courrier.factories import CourrielFactory
from tests.documents.factories import DocumentFigeFactory, PreparationFactory
from tests.notifications.factories import NotificationFactory, PreferenceFactory
from tests.partenaires.factories import OrganismeFactory, PersonneFactory
from tests.perr.factories import (
    AnnexeTerritorialeFactory,
    ColonneFactory,
    DeclinaisonFactory,
    matrice,
    remplir,
)
from tests.signatures.factories import (
    CampagneSignatureFactory,
    PassageFactory,
    PieceSigneeFactory,
    SignataireFactory,
)
from tests.territoires.factories import TerritoireFactory


def territoire(nb):
    objet = TerritoireFactory()
    for rang in range(nb):
        objet.alias.create(libelle=f"Alias {rang}")
        objet.rattachements.create(parent=TerritoireFactory())
    return objet


def organisme(nb):
    objet = OrganismeFactory(territoire=TerritoireFactory())
    for rang in range(nb):
        objet.alias.create(libelle=f"Alias {rang} de {objet.nom}")
        objet.mandats.create(personne=PersonneFactory(), qualite="Présidente")
        objet.composants.add(OrganismeFactory())
    return objet


def personne(nb):
    objet = PersonneFactory()
    for _ in range(nb):
        objet.mandats.create(organisme=OrganismeFactory(), qualite="Maire")
    return objet


def utilisateur(nb):
    objet = UtilisateurFactory(organisme=OrganismeFactory())
    objet.groups.set([Group.objects.create(name=f"Groupe {objet.pk}-{r}") for r in range(nb)])
    return objet


def contrat(nb):
    objet = ContratFactory(parent=ContratFactory(), lien="annexe", publie=True)
    for rang in range(nb):
        partie = PartieFactory(contrat=objet)
        objet.territoires.add(TerritoireFactory())
        article = ArticleFactory(contrat=objet)
        engagement = objet.engagements.create(article=article, ordre=rang, texte="Partager.")
        engagement.porteurs.add(partie)
        engagement.beneficiaires.add(partie)
        AxeFactory(contrat=objet, parent=AxeFactory(contrat=objet))
        objet.signatures.create(
            partie=partie,
            personne=PersonneFactory(),
            role=RoleSignature.SIGNATAIRE,
            qualite="Président",
            rang=rang,
        )
        objet.annexes.create(
            numero=str(rang), ordre=rang, intitule="Annexe", contenu=ContenuAnnexe.VIDE
        )
        objet.annonces.create(objet=f"objet-{rang}", nombre=6, libelle="6 orientations")
        objet.etapes.create(
            ordre=rang, date_texte="fin 2015", precision=Precision.FIN_ANNEE, intitule="Signature"
        )
        objet.financements.create(
            ordre=rang,
            intitule="Étude",
            financeur=OrganismeFactory(),
            nature=NatureFinancement.INDICATIF,
        )
    return objet


def axe(nb):
    parent = AxeFactory()
    return AxeFactory(contrat=parent.contrat, parent=parent)


def modele_fiche(nb):
    objet = ModeleFicheFactory()
    SectionModeleFactory.create_batch(nb, modele=objet)
    return objet


def fiche(nb):
    objet = FicheFactory(axe=AxeFactory(), modifie_par=UtilisateurFactory())
    SectionFactory.create_batch(nb, fiche=objet)
    ActionFactory.create_batch(nb, fiche=objet)
    return objet


def action(nb):
    objet = ActionFactory(fiche=FicheFactory(axe=AxeFactory()))
    PartenariatFactory.create_batch(nb, action=objet)
    ActionFactory.create_batch(nb, fiche=objet.fiche, parent=objet)
    return objet


def habilitation(nb):
    return Habilitation.objects.create(
        utilisateur=UtilisateurFactory(), contrat=ContratFactory(), role=RoleHabilitation.LECTURE
    )


def invitation(nb):
    return InvitationFactory()


def jeton(nb):
    return JetonFactory()


def commentaire(nb):
    return CommentaireFactory()


def transition(nb):
    return TransitionFactory(par=UtilisateurFactory())


def version(nb):
    return versionner(FicheFactory(), par=UtilisateurFactory(), motif="Essai")


def assistance(nb):
    agent, aidee = UtilisateurFactory(administrateur=True), UtilisateurFactory()
    objet = Assistance.objects.create(agent=agent, au_nom_de=aidee, motif="Essai")
    for rang in range(nb):
        objet.gestes.create(methode="POST", chemin=f"/{rang}/", statut=302)
    return objet


def contact(nb):
    return ContactFactory()


def campagne(nb):
    objet = CampagneFactory()
    DestinataireFactory.create_batch(nb, campagne=objet)
    return objet


def reponse(nb):
    return ReponseFactory()


def courriel(nb):
    return CourrielFactory()


def notification(nb):
    return NotificationFactory()


def preference(nb):
    return PreferenceFactory()


def groupe(nb):
    return Group.objects.create(name=f"Groupe {Group.objects.count()}")


def annexe(nb):
    objet = AnnexeTerritorialeFactory()
    ColonneFactory.create_batch(nb, annexe=objet)
    return objet


def colonne(nb):
    objet = ColonneFactory(quartiers=[TerritoireFactory() for _ in range(nb)])
    for rang in range(nb):
        objet.alias.create(libelle=f"Alias {rang}")
    return objet


def axe_prioritaire(nb):
    objet = AxePrioritaire.objects.create(
        contrat=ContratFactory(), ordre=1, texte="Agir d'abord.", action=ActionFactory()
    )
    objet.programmes.set([AxeFactory() for _ in range(nb)])
    return objet


def titre(nb):
    return TitreVariante.objects.create(
        action=ActionFactory(), annexe=AnnexeTerritorialeFactory(), titre="Titre imprimé"
    )


def declinaison(nb):
    objet = DeclinaisonFactory()
    for rang in range(nb):
        objet.renvois.create(ordre=rang, texte="Avec l'autre", action=ActionFactory())
        objet.regards.create(ordre=rang, quartier=TerritoireFactory(), texte="Ici")
    return objet


def lot(nb):
    contrat_de_matrice = matrice(actions=5, colonnes=1)
    return remplir(contrat_de_matrice, ["Texte"] * nb, par=None)


def repere(nb):
    return Repere.objects.create(libelle="Clause", role="article")


def meteo(nb):
    return Meteo.objects.create(
        contrat=ContratFactory(), valeur="soleil", phrase="Tout va.", auteur=UtilisateurFactory()
    )


def constat(nb):
    fiche_au_jalon = FicheFactory()
    return Constat.objects.create(
        contrat=fiche_au_jalon.contrat,
        fiche=fiche_au_jalon,
        jalon="Signature",
        etat="tenu",
        auteur=UtilisateurFactory(),
    )


def document_fige(nb):
    return DocumentFigeFactory()


def preparation(nb):
    return PreparationFactory()


def inscription(nb):
    return journal.inscrire(ActeInscrit.TELECHARGER, par=None, document="essai")


OBJETS = {
    **OBJETS_DE_GOUVERNANCE,
    **OBJETS_D_AVENANT,
    ConstatEcarte: lambda nb: ConstatEcarteFactory(),
    DocumentFige: document_fige,
    Inscription: inscription,
    Repere: repere,
    Meteo: meteo,
    Constat: constat,
    Preparation: preparation,
    Theme: theme,
    Source: source,
    Millesime: millesime,
    Indicateur: indicateur,
    Mesure: mesure,
    Cible: cible,
    Analyse: analyse,
    ImportMesures: import_de_mesures,
    Territoire: territoire,
    Organisme: organisme,
    Personne: personne,
    Contrat: contrat,
    Axe: axe,
    ModeleFiche: modele_fiche,
    Fiche: fiche,
    Action: action,
    Habilitation: habilitation,
    Invitation: invitation,
    Jeton: jeton,
    Commentaire: commentaire,
    Transition: transition,
    Version: version,
    Assistance: assistance,
    Contact: contact,
    Campagne: campagne,
    Reponse: reponse,
    CampagneSignature: lambda nb: CampagneSignatureFactory(),
    Signataire: lambda nb: SignataireFactory(),
    Passage: lambda nb: PassageFactory(),
    PieceSignee: lambda nb: PieceSigneeFactory(),
    Courriel: courriel,
    Notification: notification,
    Preference: preference,
    Group: groupe,
    AnnexeTerritoriale: annexe,
    Colonne: colonne,
    AxePrioritaire: axe_prioritaire,
    TitreVariante: titre,
    Declinaison: declinaison,
    Lot: lot,
    # Écrit par comptes : le modèle d'utilisateur en vigueur.
    UtilisateurFactory._meta.model: utilisateur,
}
