# For those who prefer containers; on a Debian server, scripts/deploy does all of this and nginx.
FROM python:3.13-slim-bookworm

RUN useradd --system --user-group --create-home --home-dir /data --uid 10001 circle
WORKDIR /opt/circle
# The libraries first: they change less often than the program.
COPY requirements.lock ./
COPY scripts/bootstrap.py scripts/bootstrap.py
RUN python3 scripts/bootstrap.py requirements.lock
COPY mkdocs.yml LICENSE CHANGELOG.md README.md README.zh-CN.md ./
COPY forms_app forms_app
COPY site site
COPY scripts scripts
COPY data/community data/community
COPY data/starter data/starter
RUN .venv/bin/python -m compileall -q forms_app site

ENV CIRCLE_DATA=/data \
    CIRCLE_BUILD=/data/build \
    PYTHONDONTWRITEBYTECODE=1
USER circle
VOLUME ["/data", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python3", "scripts/deployment/container.py", "--is-well"]
ENTRYPOINT ["python3", "scripts/deployment/container.py"]
