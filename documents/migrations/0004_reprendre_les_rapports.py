"""Les rapports figés du tableau de bord deviennent des documents figés : mêmes octets, inscrits au journal."""

import hashlib
import io
import json
import secrets

import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import migrations
from django.utils import timezone

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ORIGINE = "0" * 64
VALEUR = "rapport"


def reprendre(apps, schema_editor):
    DocumentFige = apps.get_model("documents", "DocumentFige")
    Rapport = apps.get_model("tableaux", "Rapport")
    for rapport in Rapport.objects.select_related("contrat").order_by("pk").iterator(20):
        octets = bytes(rapport.octets)
        empreinte = hashlib.sha256(octets).hexdigest()
        if DocumentFige.objects.filter(empreinte=empreinte).exists():
            continue
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            nb_pages = len(pdf.pages)
        tire = "".join(secrets.choice(ALPHABET) for _ in range(8))
        genre = {"comite": "Dossier de comité", "annuel": "Rapport annuel"}[rapport.genre]
        document = DocumentFige.objects.create(
            public_id=rapport.public_id,
            code=f"RCP-{tire[:4]}-{tire[4:]}",
            contrat=rapport.contrat,
            nature=rapport.genre,
            cle=rapport.au.isoformat(),
            titre=f"{genre} ({rapport.contrat.intitule_court})"[:400],
            version=rapport.contrat.version,
            valeur=VALEUR,
            demonstration=rapport.demonstration,
            empreinte=empreinte,
            debut=hashlib.sha256(octets[:1024]).hexdigest(),
            taille=len(octets),
            nb_pages=nb_pages,
            fige_le=rapport.le,
            fige_par_id=rapport.auteur_id,
        )
        chemin = f"{empreinte[:2]}/{empreinte}.pdf"
        if not storages["documents"].exists(chemin):
            storages["documents"].save(chemin, ContentFile(octets))
        inscrire(apps, document)


def inscrire(apps, document):
    """Comme `documents.figes.journal.inscrire` et `faits_de` à la date de cette migration."""
    Inscription = apps.get_model("documents", "Inscription")
    derniere = Inscription.objects.order_by("-rang").first()
    rang, precedente = (derniere.rang + 1, derniere.empreinte) if derniere else (1, ORIGINE)
    faits = {
        "rang": rang,
        "acte": "figer",
        "le": timezone.now().isoformat(timespec="microseconds"),
        "par": document.fige_par_id,
        "document": str(document.public_id),
        "code": document.code,
        "contrat": document.contrat.slug,
        "nature": document.nature,
        "cle": document.cle,
        "titre": document.titre,
        "version": document.version,
        "valeur": document.valeur,
        "empreinte": document.empreinte,
        "taille": document.taille,
        "nb_pages": document.nb_pages,
        "fige_le": document.fige_le.isoformat(timespec="microseconds"),
        "fige_par": document.fige_par_id,
    }
    contenu = json.dumps(faits, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    empreinte = hashlib.sha256(f"{precedente}\n{contenu}".encode()).hexdigest()
    Inscription.objects.create(
        rang=rang, acte="figer", contenu=contenu, precedente=precedente, empreinte=empreinte
    )


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_tout_se_fige"),
        ("tableaux", "0001_initiale"),
    ]

    operations = [migrations.RunPython(reprendre, migrations.RunPython.noop)]
