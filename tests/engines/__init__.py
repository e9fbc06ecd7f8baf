"""Other task engines behind the same tasks, to compare what they promise: `make engines`.

Each has a backend of Django's tasks framework, settings and a `work` command of its own. With
ALONE=1 the supervisor only enqueues the first task of each queue and starts ended processes again:
what is left is the engine's own work.
"""
