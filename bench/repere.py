"""Repères de mesure, de même sortie que l'API : curseur brut + orjson, et DRF ordinaire."""

from collections import defaultdict
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path
from django.utils import timezone
from rest_framework import pagination, renderers, serializers, viewsets

from contrats.api.actions import ActionSerializer, PeriodeSerializer
from contrats.api.formes import AxeBrefSerializer, FicheBreveSerializer
from contrats.models import Action, Partenariat
from territoires.api.serializers import TerritoireBrefSerializer

COLONNES = """a.id, a.public_id, c.slug, x.cle, x.nature, x.numero, x.intitule, y.cle, y.nature,
y.numero, y.intitule, f.id, f.public_id, f.cle, f.numero, f.titre, a.numero, a.ordre, a.intitule,
a.description, a.horizon, p.public_id, a.statut, a.avancement, a.debut, a.echeance, a.prioritaire,
a.demonstration, a.version, a.modifie_le, a.motif_statut"""
JOINTURES = """FROM contrats_action a JOIN contrats_contrat c ON c.id = a.contrat_id
LEFT JOIN contrats_axe x ON x.id = a.axe_id LEFT JOIN contrats_fiche f ON f.id = a.fiche_id
LEFT JOIN contrats_axe y ON y.id = f.axe_id LEFT JOIN contrats_action p ON p.id = a.parent_id
WHERE c.publie_le IS NOT NULL AND (f.id IS NULL OR f.statut = 'publiee')"""
AXE, FICHE = ("cle", "nature", "numero", "intitule"), ("id", "cle", "numero", "titre")
PARTENAIRE = ("id", "nom", "nature", "role", "origine")
# SQLite rend des instants sans fuseau, écrits en temps universel.
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC
PERIODE = ("libelle", "objet", "debut", "fin", "precision_debut", "precision_fin")


def lire(sql: str, parametres: Any = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(sql, parametres)
        return curseur.fetchall()


def uuid(brut: Any) -> Any:
    """SQLite rend 32 chiffres ; PostgreSQL, un UUID."""
    if not isinstance(brut, str):
        return brut
    return f"{brut[:8]}-{brut[8:12]}-{brut[12:16]}-{brut[16:20]}-{brut[20:]}"


def grouper(sql: str, cles: list[int], noms: tuple[str, ...]) -> dict[int, list[dict[str, Any]]]:
    """Objets `noms` par première colonne, pour ces clés."""
    groupes = defaultdict(list)
    for cle, *valeurs in lire(sql % ",".join(map(str, cles)), None):
        groupes[cle].append(dict(zip(noms, valeurs, strict=True)))
    return groupes


def brut(lignes: list[tuple[Any, ...]], racine: str) -> list[dict[str, Any]]:
    cles = [ligne[0] for ligne in lignes]
    roles = grouper(
        "SELECT r.action_id, o.cle, o.nom, o.nature, r.role, 'action' FROM contrats_partenariat r "
        "JOIN partenaires_organisme o ON o.id = r.organisme_id WHERE r.action_id IN (%s) "
        "ORDER BY r.ordre, r.id",
        cles,
        PARTENAIRE,
    )
    listes = grouper(
        "SELECT s.fiche_id, o.cle, o.nom, o.nature, r.role, 'fiche' FROM contrats_partenariat r "
        "JOIN contrats_section s ON s.id = r.section_id "
        "JOIN partenaires_organisme o ON o.id = r.organisme_id WHERE s.fiche_id IN (%s) "
        "ORDER BY s.ordre, s.id, r.ordre, r.id",
        list({ligne[11] for ligne in lignes}),
        PARTENAIRE,
    )
    periodes = grouper(
        "SELECT action_id, libelle, objet, debut, fin, precision_debut, precision_fin "
        "FROM contrats_periode WHERE action_id IN (%s) ORDER BY ordre, id",
        cles,
        PERIODE,
    )
    territoires = grouper(
        "SELECT m.action_id, t.cle, t.nom, t.type FROM contrats_action_territoires m "
        "JOIN territoires_territoire t ON t.id = m.territoire_id WHERE m.action_id IN (%s) "
        "ORDER BY t.type, t.nom, t.id",
        cles,
        ("id", "nom", "type"),
    )
    jour = timezone.localdate()
    vide: list[Any] = []
    objets = []
    for ligne in lignes:
        public = uuid(ligne[1])
        axe = ligne[3:7] if ligne[3] is not None else ligne[7:11]
        echeance, statut = ligne[25], ligne[22]
        objets.append(
            {
                "id": public,
                "url": f"{racine}actions/{public}/",
                "contrat": ligne[2],
                "axe": dict(zip(AXE, axe, strict=True)) if axe[0] is not None else None,
                "fiche": dict(zip(FICHE, (uuid(ligne[12]), *ligne[13:16]), strict=True))
                if ligne[11]
                else None,
                "numero": ligne[16],
                "ordre": ligne[17],
                "intitule": ligne[18],
                "description": ligne[19],
                "horizon": ligne[20] or None,
                "parent": uuid(ligne[21]) if ligne[21] else None,
                "statut": statut,
                "motif_statut": ligne[30],
                "en_retard": echeance is not None
                and echeance < jour
                and statut in ("a_lancer", "en_cours", "reportee"),
                "avancement": ligne[23],
                "debut": ligne[24],
                "echeance": echeance,
                "periodes": periodes.get(ligne[0], vide),
                "prioritaire": ligne[26],
                "partenaires": roles.get(ligne[0], vide) + listes.get(ligne[11], vide),
                "territoires": territoires.get(ligne[0], vide),
                "demonstration": ligne[27],
                "version": ligne[28],
                "modifie_le": ligne[29],
            }
        )
    return objets


@login_not_required
def brut_page(request: HttpRequest) -> HttpResponse:
    """Page de 100 par un curseur : le plancher."""
    lignes = lire(f"SELECT {COLONNES} {JOINTURES} ORDER BY a.id LIMIT 101")
    corps = {"results": brut(lignes[:100], request.build_absolute_uri("/api/v1/"))}
    return HttpResponse(orjson.dumps(corps, option=OPTIONS), content_type="application/json")


@login_not_required
def brut_export(request: HttpRequest) -> StreamingHttpResponse:
    """Export entier par un curseur, par lots de mille comme l'API."""
    lignes = lire(f"SELECT {COLONNES} {JOINTURES} ORDER BY a.contrat_id, f.ordre, a.ordre, a.id")
    racine = request.build_absolute_uri("/api/v1/")

    def flux() -> Any:
        yield b'{"results":['
        debut = b""
        for n in range(0, len(lignes), 1000):
            lot = brut(lignes[n : n + 1000], racine)
            yield debut + orjson.dumps(lot, option=OPTIONS)[1:-1]
            debut = b","
        yield b'],"next":null,"previous":null}'

    return StreamingHttpResponse(flux(), content_type="application/json")


class ActionDrfSerializer(serializers.ModelSerializer):
    """La même forme, comme on l'écrit d'ordinaire avec DRF et des relations préchargées."""

    id = serializers.UUIDField(source="public_id")
    url = serializers.SerializerMethodField()
    contrat = serializers.CharField(source="contrat.slug")
    axe = serializers.SerializerMethodField()
    fiche = FicheBreveSerializer()
    horizon = serializers.SerializerMethodField()
    parent = serializers.SerializerMethodField()
    en_retard = serializers.BooleanField(source="est_en_retard")
    periodes = PeriodeSerializer(many=True)
    partenaires = serializers.SerializerMethodField()
    territoires = TerritoireBrefSerializer(many=True)

    class Meta:
        model = Action
        fields = ActionSerializer.Meta.fields

    def get_url(self, action: Action) -> str:
        return (
            f"{self.context['request'].build_absolute_uri('/api/v1/')}actions/{action.public_id}/"
        )

    def get_axe(self, action: Action) -> Any:
        axe = action.axe or (action.fiche and action.fiche.axe)
        return AxeBrefSerializer(axe).data if axe else None

    def get_horizon(self, action: Action) -> str | None:
        return action.horizon or None

    def get_parent(self, action: Action) -> Any:
        return action.parent.public_id if action.parent else None

    def get_partenaires(self, action: Action) -> list[dict[str, Any]]:
        vus = [(r, "action") for r in action.partenariats.all()]
        for section in action.fiche.sections.all():
            vus += [(r, "fiche") for r in section.partenariats.all()]
        return [
            {
                "id": r.organisme.cle,
                "nom": r.organisme.nom,
                "nature": r.organisme.nature,
                "role": r.role,
                "origine": origine,
            }
            for r, origine in vus
        ]


class ParCurseur(pagination.CursorPagination):
    ordering = "pk"
    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 100_000


class ActionDrfViewSet(viewsets.ReadOnlyModelViewSet):
    """ModelViewSet ordinaire : select_related, prefetch_related, JSONRenderer."""

    serializer_class = ActionDrfSerializer
    pagination_class = ParCurseur
    renderer_classes = [renderers.JSONRenderer]

    def get_queryset(self) -> Any:
        partenariats = Prefetch(
            "partenariats",
            Partenariat.objects.select_related("organisme").order_by(F("ordre"), "pk"),
        )
        return (
            Action.objects.visibles_par(self.request.user)
            .select_related("contrat", "axe", "fiche__axe", "parent")
            .prefetch_related(
                partenariats,
                "periodes",
                "territoires",
                Prefetch("fiche__sections__partenariats", partenariats.queryset),
            )
        )


urlpatterns = [
    path("api/v1/", include("config.api")),
    path("brut/page/", brut_page),
    path("brut/export/", brut_export),
    path("drf/", ActionDrfViewSet.as_view({"get": "list"})),
]
