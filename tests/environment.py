"""Environment variables for the settings, set before pytest loads them."""

import os

os.environ.setdefault("SECRET_KEY", "for-tests")
os.environ.setdefault("HTTPS", "0")
os.environ["SITE"] = "http://testserver"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside the tests
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
