"""Django app of the participants: people, access, lists, e-mails and personal pages."""
