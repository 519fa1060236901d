"""Fichiers d'essai, faits à la demande."""

import io

import pikepdf
from PIL import Image


def photo(cote=64, position=True, orientation=1):
    """Photo JPEG ; `position` : elle dit où elle a été prise."""
    image, sortie = Image.new("RGB", (cote, cote // 2), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Marque de téléphone"
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 36.0, 16.0), 3: "E", 4: (1.0, 26.0, 38.0)})
    image.save(sortie, "JPEG", exif=exif, comment=b"prise chez moi")
    return sortie.getvalue()


def image(genre, cote=32):
    sortie = io.BytesIO()
    Image.new("RGBA", (cote, cote), (0, 128, 0, 128)).save(sortie, genre)
    return sortie.getvalue()


def pdf(**options):
    sortie = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(sortie, **options)
    return sortie.getvalue()
