# Two stages: what is needed to install stays behind.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.11-slim-bookworm
# For deploy/prepare, deploy/backup and deploy/restore; the client of the server's version.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openssl postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /var/peerjam peerjam \
    && install --directory --owner peerjam --group peerjam /var/peerjam
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m compileall -q /app
USER peerjam
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "jam.config.wsgi"]
