"""Ce qu'un document figé peut subir, et ce que la vérification doit en dire."""

import io

import pikepdf

from documents.figes import codes


def changer_un_bit(octets, alea):
    place, bit = alea.randrange(len(octets)), 1 << alea.randrange(8)
    return octets[:place] + bytes([octets[place] ^ bit]) + octets[place + 1 :]


def couper(octets, alea):
    return octets[: alea.randrange(2000, len(octets))]


def ajouter(octets, alea):
    return octets + alea.randbytes(alea.randrange(1, 400))


def mettre_a_jour(octets, alea):
    """Une révision ajoutée à la suite, comme le fait un lecteur de PDF qui annote."""
    return octets + b"\n1 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n1\n%%EOF\n"


def effacer_le_code(octets, alea):
    return codes.DANS_LES_OCTETS.sub(b"RCP-0000-0000", octets)


def reenregistrer(octets, alea):
    """Ouvert puis enregistré par un autre logiciel : mêmes pages, autres octets."""
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        pdf.save(
            sortie, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable
        )
    return sortie.getvalue()


RAISONS = {
    changer_un_bit: "octet changé",
    couper: "tronqué",
    ajouter: "ajoutés à la fin",
    mettre_a_jour: "mise à jour a été ajoutée",
    effacer_le_code: "changé",
    reenregistrer: "Le contenu a été changé",
}
