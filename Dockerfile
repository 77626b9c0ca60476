# syntax=docker/dockerfile:1
# One image for every process; the command names the process.
#   docker build -t modunest .
#   docker run -p 8080:8080 -v trust:/var/lib/modunest/modunest-trust:ro -e MODUNEST_DATABASE_URL=… -e MODUNEST_DATABASE_PASSWORD=… -e MODUNEST_S3_ENDPOINT=… modunest
#   docker run -p 8080:8080 -e MODUNEST_ORIGIN_URIS=http://registry:8080 modunest dev.modunest.edge.Main
FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -Djacoco.skip=true -pl '!load-tests' package

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 modunest \
    && useradd --uid 10001 --gid modunest --home-dir /var/lib/modunest --create-home modunest
WORKDIR /var/lib/modunest
COPY --from=build /source/standalone/target/dist /opt/modunest
USER 10001:10001
ENV MODUNEST_LISTEN_ADDRESS=0.0.0.0 \
    MODUNEST_LISTEN_PORT=8080
EXPOSE 8080
VOLUME /var/lib/modunest
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${MODUNEST_LISTEN_PORT} && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
    "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=/var/lib/modunest/classes.jsa", \
    "-Dmodunest.dist=/opt/modunest", "-cp", "/opt/modunest/lib/*"]
CMD ["dev.modunest.server.Main"]
