"""Le paquet de l'archiviste : documents, données, journal, bordereau à la manière de SEDA, sceau.

Le bordereau suit le vocabulaire du SEDA 2.2 (`ArchiveTransfer`) ; il n'est pas validé contre son
schéma. Le sceau signe les empreintes de tout le reste : `manage.py verifier_archive` le relit.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import localtime
from lxml import etree
from lxml.builder import ElementMaker

from contrats.contenu.instantane import lire_contrat
from contrats.contenu.lecture import lire
from contrats.models import Contrat, Fiche
from documents.enums import ActeInscrit
from documents.etagere.lot import EMPREINTES, compresser
from documents.figes import ancres, stockage
from documents.figes.journal import canonique
from documents.models import DocumentFige, Inscription

SEDA = "fr:gouv:culture:archivesdefrance:seda:v2.2"
BORDEREAU, SCEAU = "bordereau.xml", "sceau.json"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
PERSONNES = Q(acte__in=[ActeInscrit.FIGER, ActeInscrit.PUBLIER])


def etat(contrat: Contrat) -> str:
    """Ce qui, hors des documents, change le paquet : le texte et ses fiches."""
    versions = Fiche.objects.filter(contrat=contrat, supprimee_le=None).order_by("pk")
    return canonique(
        {"contrat": contrat.version, "fiches": list(versions.values_list("cle", "version"))}
    )


def faire(contrat: Contrat, documents: list[DocumentFige]) -> tuple[str, bytes]:
    """(nom, octets) du paquet scellé."""
    fichiers = {f"documents/{d.nom_de_fichier}": stockage.octets_de(d) for d in documents}
    fichiers |= {"donnees/contrat.json": _donnees(contrat), "journal.jsonl": _journal(documents)}
    date = localtime(max(d.fige_le for d in documents))
    fichiers[BORDEREAU] = _bordereau(contrat, documents, fichiers, date.isoformat("T", "seconds"))
    empreintes = {n: hashlib.sha256(o).hexdigest() for n, o in fichiers.items()}
    fichiers[SCEAU] = ancres.signer({"contrat": contrat.slug, "empreintes": empreintes}).encode()
    return f"{contrat.slug}-archive.zip", compresser(fichiers, date.timetuple()[:6])


def fautes(octets: bytes) -> Iterator[str]:
    """Ce qui ne tient pas dans un paquet présenté, une phrase par faute ; rien s'il est intact."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as paquet:
            fichiers = {nom: paquet.read(nom) for nom in paquet.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as erreur:
        yield f"Ce n'est pas un paquet lisible : {erreur}."
        return
    try:
        sceau = ancres.lire_signe(fichiers.pop(SCEAU, b""))
    except (ValueError, KeyError, TypeError, AttributeError):
        sceau = None
    fichiers.pop(EMPREINTES, None)
    if sceau is None or "empreintes" not in sceau:
        yield "Le sceau manque, ou n'est pas le nôtre."
        return
    scelles = sceau["empreintes"]
    for nom in sorted({*scelles, *fichiers}):
        if nom not in fichiers:
            yield f"{nom} : scellé, absent du paquet."
        elif nom not in scelles:
            yield f"{nom} : ajouté après le sceau."
        elif hashlib.sha256(fichiers[nom]).hexdigest() != scelles[nom]:
            yield f"{nom} : changé après le sceau."


def _donnees(contrat: Contrat) -> bytes:
    """Le contrat et ses fiches entiers, comme les gardent leurs versions."""
    fiches = Fiche.objects.filter(contrat=contrat, supprimee_le=None).order_by("ordre", "pk")
    donnees = {
        "contrat": lire_contrat(contrat),
        "version": contrat.version,
        "fiches": [{"cle": f.cle, "version": f.version, **lire(f)} for f in fiches],
    }
    return json.dumps(donnees, ensure_ascii=False, indent=1, default=str).encode()


def _journal(documents: list[DocumentFige]) -> bytes:
    """Les lignes du journal qui figent et publient ces documents, telles quelles."""
    dits = {str(d.public_id) for d in documents}
    lignes = Inscription.objects.filter(PERSONNES).order_by("rang")
    gardees = [
        canonique({"contenu": i.contenu, "precedente": i.precedente, "empreinte": i.empreinte})
        for i in lignes.iterator()
        if json.loads(i.contenu)["document"] in dits
    ]
    return "".join(f"{ligne}\n" for ligne in gardees).encode()


def _bordereau(
    contrat: Contrat, documents: list[DocumentFige], fichiers: Mapping[str, bytes], date: str
) -> bytes:
    e = ElementMaker(namespace=SEDA, nsmap={None: SEDA})
    par_nom = {f"documents/{d.nom_de_fichier}": d for d in documents}
    objets, unites = [], []
    for rang, (nom, octets) in enumerate(fichiers.items(), 1):
        objets.append(_objet(e, rang, nom, octets, date))
        unites.append(_unite(e, rang, nom, par_nom.get(nom)))
    racine = e.ArchiveTransfer(
        e.Comment(f"Documents en vigueur de « {contrat.intitule} »"),
        e.Date(date),
        e.MessageIdentifier(f"{contrat.slug}-{contrat.version}"),
        e.DataObjectPackage(
            *objets,
            e.DescriptiveMetadata(
                e.ArchiveUnit(
                    e.Content(e.DescriptionLevel("RecordGrp"), e.Title(contrat.intitule)),
                    *unites,
                    **{XML_ID: "AU0"},  # type: ignore[arg-type]
                )
            ),
            e.ManagementMetadata(),
        ),
        e.TransferringAgency(e.Identifier(settings.EDITEUR or settings.ADRESSE_DU_SITE)),
    )
    octets_xml: bytes = etree.tostring(
        racine, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return octets_xml


def _objet(e: Any, rang: int, nom: str, octets: bytes, date: str) -> Any:
    type_ = "application/pdf" if nom.endswith(".pdf") else "application/json"
    return e.BinaryDataObject(
        e.DataObjectVersion("BinaryMaster_1"),
        e.Uri(nom),
        e.MessageDigest(hashlib.sha256(octets).hexdigest(), algorithm="SHA-256"),
        e.Size(str(len(octets))),
        e.FormatIdentification(e.MimeType(type_)),
        e.FileInfo(e.Filename(nom.rpartition("/")[2]), e.LastModified(date)),
        **{XML_ID: f"BDO{rang}"},
    )


def _unite(e: Any, rang: int, nom: str, document: DocumentFige | None) -> Any:
    if document is None:
        contenu = [e.Title(nom)]
    else:
        contenu = [
            e.Title(document.titre),
            e.OriginatingSystemId(document.code),
            e.Version(str(document.version)),
            e.Description(document.get_valeur_display()),
            e.CreatedDate(document.fige_le.isoformat("T", "seconds")),
        ]
    return e.ArchiveUnit(
        e.Content(e.DescriptionLevel("Item"), *contenu),
        e.DataObjectReference(e.DataObjectReferenceId(f"BDO{rang}")),
        **{XML_ID: f"AU{rang}"},
    )
