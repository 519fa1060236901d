"""Dire où va chaque bloc d'un document : places, doutes, anomalies. Rien n'est écrit en base.

`vocabulaire` (libellés et repères, des données), `classement` (un rôle par bloc), `assemblage`
(rôles → contrat, fiches, actions), `anomalies` (ce qui cloche dans le fond).
"""
