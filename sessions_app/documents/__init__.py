"""PDFs of an event: the catalogue of documents, their job queue, storage and responses."""
