"""Outbox: e-mails are enqueued, composed and delivered by a worker process."""
