"""Import de mesures : lire le tableau, nommer ce qui ne va pas, prévoir, puis écrire tout ou rien.

L'ouverture des fichiers est celle de la matrice (`perr.importation.lecteur`) : mêmes formats, mêmes
refus. `tableau` reconnaît la disposition (longue ou large), `plan` rapproche de la base, `sessions`
garde le fichier et applique. Rien n'écrit de mesure avant `sessions.appliquer`.
"""
