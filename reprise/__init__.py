"""Reprise d'un document : un contrat entre par le fichier que l'on a déjà.

`lecture` (octets → blocs), `reconnaissance` (blocs → places, doutes, anomalies), `ecriture`
(places → contrat en préparation), `retour` (contrat → DOCX → comparaison). À distinguer de
`contrats.reprise`, qui saisit l'essentiel d'un contrat signé.
"""
