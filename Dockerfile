# Container image: web processes, or with `python manage.py work` the workers.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home site \
    && install --directory --owner=site /data

WORKDIR /site
# The second part of the file is for development only.
COPY requirements.txt .
RUN sed '/^# The tools/,$d' requirements.txt > /tmp/site.txt \
    && pip install --no-cache-dir --requirement /tmp/site.txt

COPY . .
ENV PYTHONUNBUFFERED=1 \
    VAR=/data \
    STATIC=/site/collected \
    BIND=0.0.0.0:8000 \
    LOGS=json
RUN export SECRET_KEY=only-for-building VAR=/tmp/building \
    && python manage.py build_fonts \
    && python manage.py collectstatic --no-input \
    && python -m compileall -q workshop participants sessions_app \
    && rm -rf /tmp/building

USER site
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s CMD ["python", "deploy/healthy.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
