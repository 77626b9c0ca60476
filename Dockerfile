# An image for each process, production and -dev (a whole JDK, a shell, a debugger's port 5005):
#   docker build --target artifact-server -t modunest/artifact-server .      or cdn-edge, standalone, artifact-server-dev, cdn-edge-dev
#   docs/operations/images.md: what they need, how they are run

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -Djacoco.skip=true -pl '!load-tests' package

# The files of the images as they are in them. Libraries apart from our own jars, all with one time, so that a layer changes only with what is in it.
FROM build AS layout
ARG SOURCE_DATE_EPOCH=1767225600
RUN standalone/src/image/layout standalone/target/dist /layout \
    && find /layout -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH}" {} +

# What the processes ask of the JDK: TLS, PKCS#11 and SRV records by their providers, which no class names; jcmd for a thread or heap dump.
FROM eclipse-temurin:25-jdk AS runtime
ARG SOURCE_DATE_EPOCH=1767225600
RUN jlink --output /opt/jre --no-man-pages --no-header-files --generate-cds-archive --compress zip-6 --add-modules \
        java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.cryptoki,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
    && rm -f /opt/jre/lib/server/classes_*.jsa \
    && find /opt/jre -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH}" {} +

# One run of each process on a trial's backends, for its classes and profiles.
FROM layout AS training
COPY --from=runtime /opt/jre /opt/jre
RUN cp -a /layout/account/. /layout/*/libraries/. /layout/*/own/. / \
    && install --directory --owner 10001 --group 10001 /aot
# Postgres does not run as root.
USER 10001:10001
RUN TRAINER_HOME=$JAVA_HOME JAVA_HOME=/opt/jre /source/standalone/target/dist/bin/aot-train /aot /opt/modunest

# The C library, certificates, time zones, the account 10001; nothing that could be executed but java.
FROM gcr.io/distroless/base-nossl-debian12 AS production
COPY --from=layout /layout/account /
COPY --from=layout --chown=10001:10001 /layout/data /var/lib/modunest
COPY --from=runtime /opt/jre /opt/jre
WORKDIR /var/lib/modunest
USER 10001:10001
ENV MODUNEST_LISTEN_ADDRESS=0.0.0.0 MODUNEST_LISTEN_PORT=8080
EXPOSE 8080
VOLUME /var/lib/modunest
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["/opt/jre/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "/opt/modunest/health.jar", "dev.modunest.settings.HealthProbe"]

FROM production AS artifact-server
COPY --from=layout /layout/artifact-server/libraries /
COPY --from=layout /layout/artifact-server/own /
COPY --from=training /aot/server.aot /opt/modunest/
ENTRYPOINT ["/opt/jre/bin/java", "@/opt/modunest/jvm/server.options", "@/opt/modunest/jvm/image.options", \
    "-XX:AOTCache=/opt/modunest/server.aot", "-cp", "/opt/modunest/lib/artifact-server.jar", "dev.modunest.server.Main"]

FROM production AS cdn-edge
COPY --from=layout /layout/cdn-edge/libraries /
COPY --from=layout /layout/cdn-edge/own /
COPY --from=training /aot/edge.aot /opt/modunest/
ENTRYPOINT ["/opt/jre/bin/java", "@/opt/modunest/jvm/edge.options", "@/opt/modunest/jvm/image.options", \
    "-XX:AOTCache=/opt/modunest/edge.aot", "-cp", "/opt/modunest/lib/cdn-edge.jar", "dev.modunest.edge.Main"]

# Everything in one process, and every command of ./modunest. Postgres is started by a shell, and a host that loads the samples wants a whole runtime.
FROM eclipse-temurin:25-jre AS standalone
COPY --from=layout /layout/account /
COPY --from=layout --chown=10001:10001 /layout/data /var/lib/modunest
COPY --from=layout /layout/standalone /
WORKDIR /var/lib/modunest
USER 10001:10001
EXPOSE 8080 8081
VOLUME /var/lib/modunest
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "/opt/modunest/health.jar", "dev.modunest.settings.HealthProbe"]
ENTRYPOINT ["java", "@/opt/modunest/jvm/standalone.options", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-Dmodunest.dist=/opt/modunest", \
    "-cp", "/opt/modunest/lib/standalone.jar", "dev.modunest.standalone.Main"]
CMD ["up", "--address", "0.0.0.0", "--data", "/var/lib/modunest"]

# For development: a JDK with its tools, a shell, and a debugger's port.
FROM eclipse-temurin:25-jdk AS development
COPY --from=layout /layout/account /
COPY --from=layout --chown=10001:10001 /layout/data /var/lib/modunest
WORKDIR /var/lib/modunest
USER 10001:10001
ENV MODUNEST_LISTEN_ADDRESS=0.0.0.0 MODUNEST_LISTEN_PORT=8080
EXPOSE 8080 5005
VOLUME /var/lib/modunest
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "/opt/modunest/health.jar", "dev.modunest.settings.HealthProbe"]

FROM development AS artifact-server-dev
COPY --from=layout /layout/artifact-server/libraries /
COPY --from=layout /layout/artifact-server/own /
ENTRYPOINT ["java", "@/opt/modunest/jvm/server.options", "@/opt/modunest/jvm/image.options", "@/opt/modunest/jvm/development.options", \
    "-cp", "/opt/modunest/lib/artifact-server.jar", "dev.modunest.server.Main"]

FROM development AS cdn-edge-dev
COPY --from=layout /layout/cdn-edge/libraries /
COPY --from=layout /layout/cdn-edge/own /
ENTRYPOINT ["java", "@/opt/modunest/jvm/edge.options", "@/opt/modunest/jvm/image.options", "@/opt/modunest/jvm/development.options", \
    "-cp", "/opt/modunest/lib/cdn-edge.jar", "dev.modunest.edge.Main"]
