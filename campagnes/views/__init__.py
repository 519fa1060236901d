"""Vues des campagnes : préparer, conduire, relire ; et répondre, sans compte."""
