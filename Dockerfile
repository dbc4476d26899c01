# Three images from one build: `app` is web, worker, clock and every command; `proxy` is TLS and the static files; `pool`
# bounds the connections to the database.
# All paths of RUN are relative to /app, so that tests/test_image.py can run the same lines in a folder.

FROM node:24.7.0-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13.7-slim-trixie AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements/runtime.txt requirements/
RUN python3 -m venv .venv
RUN .venv/bin/python -m pip install --quiet --require-hashes --requirement requirements/runtime.txt

# On the Debian whose client programs are of the server's major version (docker-compose.yml): backup and restore need them.
FROM python:3.13.7-slim-trixie AS app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 FILES_DIR=/app/files
WORKDIR /app
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
COPY --from=packages /app/.venv .venv
COPY --from=front-end /app/node_modules node_modules
COPY . .
RUN .venv/bin/python -m compileall -q companies contacts jobcenter_crm partnerships placements
RUN .venv/bin/python scripts/catalogue.py compile
# The secret is for this line alone: nothing of it stays in the image.
RUN DEBUG=0 ALLOWED_HOSTS=localhost SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')" .venv/bin/python manage.py collectstatic --noinput --verbosity 0
# A new volume takes its owner from here: www-data, which this system knows by name; Celery warns of one that it does not.
RUN mkdir -p files var && chown 33:33 files var
USER 33:33
EXPOSE 8000
CMD ["gunicorn", "jobcenter_crm.wsgi", "--bind", "0.0.0.0:8000", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--log-level", "warning"]

FROM nginxinc/nginx-unprivileged:1.28.0-bookworm AS proxy
COPY proxy/nginx.conf /etc/nginx/nginx.conf
COPY --from=app /app/staticfiles /srv/static
CMD ["nginx", "-g", "daemon off;"]

FROM debian:13.1-slim AS pool
RUN apt-get update && apt-get install --yes --no-install-recommends pgbouncer postgresql-client && rm -rf /var/lib/apt/lists/*
COPY pool/start.sh /srv/start.sh
USER 65534:65534
EXPOSE 6432
CMD ["sh", "/srv/start.sh"]
