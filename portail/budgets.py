"""Nombre de requêtes de chaque page : une définition, lue par les tests et par `manage.py budgets`.

Un budget est exact pour une page qui a de tout (les tests) ; une page à qui il manque un genre de
contenu peut en faire moins, jamais plus. Il ne dépend pas du nombre d'objets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Model
from django.urls import reverse

from campagnes.enums import EtatCampagne
from campagnes.liens import jeton_de
from campagnes.models import Campagne, Destinataire, Reponse
from contrats.models import Action, Contrat, Fiche
from gouvernance.models import Seance
from indicateurs.models import Indicateur
from partenaires.models import Organisme
from perr.models import Declinaison
from signatures.models import CampagneSignature, Signataire
from territoires.models import Territoire


@dataclass(frozen=True)
class Budget:
    """Une page, l'objet qui la représente et son nombre de requêtes."""

    nom: str
    vue: str
    requetes: int
    arguments: Callable[[Any], list[Any]] | None = None
    objet: Callable[[], Model | None] = lambda: None
    parametres: Callable[[Any], dict[str, Any]] = lambda objet: {}
    corps: dict[str, Any] | None = None  # ce qu'un PATCH écrit ; sans lui, une lecture

    def adresse(self) -> str | None:
        """L'adresse à mesurer ; `None` si la base n'a pas d'objet de ce genre."""
        objet = self.objet()
        if self.arguments is None:
            return reverse(self.vue, query=self.parametres(objet))
        if objet is None:
            return None
        return reverse(self.vue, args=self.arguments(objet), query=self.parametres(objet))


def _plus_fourni(modele: Any, relation: str) -> Callable[[], Model | None]:
    """L'objet public qui a le plus de lignes de cette relation."""

    def choisir() -> Model | None:
        visibles = modele.objects.visibles_par(AnonymousUser())
        return visibles.annotate(nombre=Count(relation)).order_by("-nombre", "pk").first()

    return choisir


def _du_contrat(nom: str, vue: str, requetes: int, relation: str) -> Budget:
    """La page d'un contrat : du public, celui qui a le plus de lignes de cette relation."""
    objet = _plus_fourni(Contrat, relation)
    return Budget(nom, vue, requetes, lambda contrat: [contrat.slug], objet)


BUDGETS = (
    Budget("Accueil", "portail:accueil", 7),
    Budget("Recherche", "portail:recherche", 19, parametres=lambda objet: {"q": "coopération"}),
    Budget("Données ouvertes", "portail:donnees", 0),
    Budget("Plan du site", "portail:plan-du-site", 0),
    Budget("Contrats", "contrats:contrat-list", 2),
    Budget("Fiches", "contrats:fiche-list", 3),
    Budget("Actions", "contrats:action-list", 4),
    _du_contrat("Contrat", "contrats:contrat-detail", 23, "fiches"),
    Budget(
        "Fiche",
        "contrats:fiche-detail",
        15,
        lambda fiche: [fiche.contrat.slug, fiche.cle],
        _plus_fourni(Fiche, "sections"),
    ),
    Budget(
        "Action",
        "contrats:action-detail",
        9,
        lambda action: [action.public_id],
        _plus_fourni(Action, "partenariats"),
    ),
    _du_contrat("Texte en vigueur", "avenants:texte", 9, "avenants"),
    _du_contrat("Comparatif", "avenants:comparatif", 9, "avenants"),
    Budget("Indicateurs", "indicateurs:indicateur-list", 8),
    Budget(
        "Indicateur",
        "indicateurs:indicateur-detail",
        7,
        lambda indicateur: [indicateur.contrat.slug, indicateur.cle],
        _plus_fourni(Indicateur, "mesures"),
    ),
    _du_contrat("Documents figés", "documents:fige-list", 9, "documents_figes"),
    Budget("Vérifier un document", "documents:verification", 0),
    _du_contrat("Gouvernance", "gouvernance:contrat-gouvernance", 7, "instances"),
    Budget("Calendrier", "gouvernance:calendrier", 2),
    Budget(
        "Séance",
        "gouvernance:seance-detail",
        7,
        lambda seance: [seance.public_id],
        _plus_fourni(Seance, "decisions"),
    ),
    Budget("Décisions", "gouvernance:decision-list", 5),
    Budget("Sessions", "gouvernance:session-list", 2),
    Budget("Organismes", "partenaires:organisme-list", 2),
    Budget(
        "Organisme",
        "partenaires:organisme-detail",
        13,
        lambda organisme: [organisme.cle],
        _plus_fourni(Organisme, "partenariats"),
    ),
    _du_contrat("Tableau de bord d'un contrat", "tableaux:contrat", 42, "actions"),
    Budget(
        "Chiffre d'un contrat",
        "tableaux:contrat-chiffre",
        40,
        lambda contrat: [contrat.slug, "actions"],
        _plus_fourni(Contrat, "actions"),
    ),
    Budget("Tableau de bord", "tableaux:instance", 40),
    Budget("Territoires", "territoires:territoire-list", 2),
    Budget(
        "Territoire",
        "territoires:territoire-detail",
        13,
        lambda territoire: [territoire.cle],
        _plus_fourni(Territoire, "contrats"),
    ),
    Budget("Quartiers", "territoires:quartier-list", 5),
    Budget(
        "Quartier",
        "territoires:territoire-detail",
        27,
        lambda quartier: [quartier.cle],
        _plus_fourni(Territoire, "colonnes"),
    ),
)

# Pages d'un agent connecté, que l'administration voit toutes ; le compteur des notifications en
# coûte une à chacune, hors administration, et une de plus s'il en reste à lire (deux, si la page
# ne lit pas déjà ses rôles).
BUDGETS_AGENT = (
    Budget("Notifications", "notifications:notification-list", 6),
    Budget("Ce que je reçois", "notifications:preferences", 4),
    _du_contrat("Avenants d'un contrat", "avenants:avenant-list", 13, "avenants"),
    _du_contrat("Cohérence d'un contrat", "coherence:contrat-coherence", 35, "actions"),
    Budget("Mes fiches", "contrats:mes-fiches", 12),
    Budget("Mon travail", "contrats:mon-travail", 15),
    Budget("Mes actions", "contrats:mes-actions", 9),
    Budget("Changements groupés", "contrats:changement-list", 5),
    Budget(
        "Modifier une fiche",
        "contrats:fiche-modifier",
        32,
        lambda fiche: [fiche.public_id],
        _plus_fourni(Fiche, "actions"),
    ),
    Budget(
        "Historique d'une fiche",
        "contrats:fiche-historique",
        10,
        lambda fiche: [fiche.public_id],
        _plus_fourni(Fiche, "versions"),
    ),
    Budget(
        "Comparer deux versions",
        "contrats:fiche-comparer",
        12,
        lambda fiche: [fiche.public_id],
        _plus_fourni(Fiche, "versions"),
        lambda fiche: {"de": fiche.version, "a": fiche.version},
    ),
    Budget(
        "Indicateurs à renseigner",
        "indicateurs:indicateur-suivre",
        9,
        lambda indicateur: [indicateur.contrat.slug],
        _plus_fourni(Indicateur, "mesures"),
    ),
    Budget(
        "Saisir une mesure",
        "indicateurs:mesure-saisir",
        11,
        lambda indicateur: [indicateur.contrat.slug, indicateur.cle],
        _plus_fourni(Indicateur, "mesures"),
    ),
    Budget(
        "Ordre du jour",
        "gouvernance:seance-preparer",
        17,
        lambda seance: [seance.public_id],
        _plus_fourni(Seance, "points"),
    ),
    Budget(
        "Mode séance",
        "gouvernance:seance-tenir",
        14,
        lambda seance: [seance.public_id],
        _plus_fourni(Seance, "points"),
    ),
    Budget(
        "Clore une séance",
        "gouvernance:seance-clore",
        6,
        lambda seance: [seance.public_id],
        _plus_fourni(Seance, "points"),
    ),
    Budget("Admin. : contrats", "admin:contrats_contrat_changelist", 5),
    Budget("Admin. : fiches", "admin:contrats_fiche_changelist", 7),
    Budget("Admin. : actions", "admin:contrats_action_changelist", 8),
    Budget("Admin. : organismes", "admin:partenaires_organisme_changelist", 5),
    Budget("Admin. : territoires", "admin:territoires_territoire_changelist", 6),
)


def _campagne(etat: EtatCampagne) -> Callable[[], Model | None]:
    """La campagne de cet état qui a le plus d'actions."""

    def choisir() -> Model | None:
        siennes = Campagne.objects.filter(etat=etat).annotate(nombre=Count("actions"))
        return siennes.order_by("-nombre", "pk").first()

    return choisir


def _destinataire() -> Model | None:
    """Celui, joignable, à qui l'on demande le plus d'actions."""
    siens = Destinataire.objects.joignables().annotate(nombre=Count("demandes"))
    return siens.order_by("-nombre", "pk").first()


# Les campagnes : l'agent qui conduit et relit ; le destinataire, sans compte, par son lien.
BUDGETS_CAMPAGNES = (
    Budget("Campagnes", "campagnes:campagne-list", 6),
    Budget(
        "Préparer une campagne",
        "campagnes:contrat-campagne",
        5,
        lambda campagne: [campagne.contrat.slug],
        _campagne(EtatCampagne.OUVERTE),
    ),
    Budget(
        "Destinataires",
        "campagnes:campagne-destinataires",
        8,
        lambda campagne: [campagne.public_id],
        _campagne(EtatCampagne.EN_PREPARATION),
    ),
    Budget(
        "Aperçu des courriels",
        "campagnes:campagne-apercu",
        15,
        lambda campagne: [campagne.public_id],
        _campagne(EtatCampagne.EN_PREPARATION),
    ),
    Budget(
        "Campagne ouverte",
        "campagnes:campagne-detail",
        13,
        lambda campagne: [campagne.public_id],
        _campagne(EtatCampagne.OUVERTE),
    ),
    Budget(
        "Relire une réponse",
        "campagnes:reponse-detail",
        6,
        lambda reponse: [reponse.pk],
        lambda: Reponse.objects.a_relire().order_by("pk").first(),
    ),
)
# Les campagnes de signature : l'agent qui les conduit.
BUDGETS_SIGNATURES = (
    Budget(
        "Signatures d'un contrat",
        "signatures:contrat-signatures",
        10,
        lambda campagne: [campagne.document.contrat.slug],
        lambda: CampagneSignature.objects.vivantes().order_by("pk").first(),
    ),
    Budget(
        "Campagne de signature",
        "signatures:signature-detail",
        6,
        lambda campagne: [campagne.public_id],
        lambda: CampagneSignature.objects.vivantes().order_by("pk").first(),
    ),
    Budget(
        "Signataire",
        "signatures:signataire-detail",
        7,
        lambda signataire: [signataire.public_id],
        lambda: Signataire.objects.exclude(signe_le=None).order_by("pk").first(),
    ),
)
BUDGETS_LIEN = (
    Budget("Lien personnel", "campagnes:repondre", 3, lambda d: [jeton_de(d)], _destinataire),
    Budget(
        "Répondre à une action",
        "campagnes:repondre-action",
        6,
        lambda d: [jeton_de(d), 1],
        _destinataire,
    ),
)

# PDF : tout est lu avant la mise en page (`tests/documents` en tient la constance).
BUDGETS_PDF = (
    _du_contrat("PDF du contrat", "documents:contrat-pdf", 42, "fiches"),
    Budget(
        "PDF d'une fiche",
        "documents:fiche-pdf",
        26,
        lambda fiche: [fiche.contrat.slug, fiche.cle],
        _plus_fourni(Fiche, "sections"),
    ),
)

# Points d'accès de l'API : une liste, un export ou un objet coûtent autant.
BUDGETS_API = (
    Budget("API contrats", "api:contrat-list", 18),
    Budget("API fiches", "api:fiche-list", 14),
    Budget("API actions", "api:action-list", 6),
    Budget("API declinaisons", "api:declinaison-list", 5),
    Budget("API indicateurs", "api:indicateur-list", 7),
    Budget("API mesures", "api:mesure-list", 1),
    Budget("API instances", "api:instance-list", 2),
    Budget("API seances", "api:seance-list", 1),
    Budget("API decisions", "api:decision-list", 5),
    Budget("API deliberations", "api:deliberation-list", 1),
    Budget("API organismes", "api:organisme-list", 3),
    Budget("API territoires", "api:territoire-list", 3),
)

# Écritures de l'API par un jeton : droit, précondition, écriture, version, objet relu.
BUDGETS_ECRITURE = (
    Budget(
        "PATCH action",
        "api:action-detail",
        36,
        lambda action: [action.public_id],
        _plus_fourni(Action, "partenariats"),
        corps={"avancement": 40},
    ),
    Budget(
        "PATCH declinaison",
        "api:declinaison-detail",
        28,
        lambda cellule: [cellule.public_id],
        _plus_fourni(Declinaison, "renvois"),
        corps={"texte": "Écrit pour mesurer."},
    ),
)
