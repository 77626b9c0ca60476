package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import java.time.Duration;
import java.util.UUID;

/**
 * Publishing in a scenario. The session has {@code jar} and {@code token} before; after it the jar
 * is live, or the session failed. {@code serial} is that of {@code Registry-Serial}, where told.
 */
final class PublishSteps {

    static final String PUBLISH = "publish";
    static final String FOLLOW = "publish, state";
    static final String BUNDLE = "publish, bundle";
    static final String STREAM = "publish, stream";

    private static final int ACCEPTED = 202;
    private static final int CREATED = 201;

    private PublishSteps() {}

    /**
     * Sends the jar.
     *
     * @param name of the request
     * @param prefer the header of that name
     */
    static ChainBuilder publish(String name, String prefer) {
        return publish(http(name).put(session -> jar(session).path()), prefer);
    }

    /** Sends {@code signature}, the bundle in the session, and then the jar with its digest. */
    static ChainBuilder publishSigned(String name, String prefer) {
        return exec(http(BUNDLE)
                        .put(session -> jar(session).path() + "/bundle")
                        .header("Authorization", "Bearer #{token}")
                        .header("Content-Type", "application/vnd.dev.sigstore.bundle.v0.3+json")
                        .body(StringBody("#{signature}"))
                        .check(status().is(CREATED), jsonPath("$.digest").saveAs("bundle")))
                .exec(
                        doIf(session -> !session.isFailed())
                                .then(
                                        publish(
                                                http(name)
                                                        .put(session -> jar(session).path())
                                                        .header("Publisher-Bundle", "#{bundle}"),
                                                prefer)));
    }

    private static ChainBuilder publish(HttpRequestActionBuilder request, String prefer) {
        return exec(session -> session.removeAll("serial", "location", "retry"))
                .exec(
                        request.header("Authorization", "Bearer #{token}")
                                .header("Content-Type", "application/java-archive")
                                .header("Repr-Digest", session -> jar(session).reprDigest())
                                .header("Idempotency-Key", _ -> UUID.randomUUID().toString())
                                .header("Prefer", prefer)
                                .body(ByteArrayBody(session -> jar(session).bytes()))
                                .check(
                                        header("Retry-After").optional().saveAs("retry"),
                                        header("Registry-Serial").optional().saveAs("serial"),
                                        header("Location").optional().saveAs("location"),
                                        status().in(CREATED, ACCEPTED).saveAs("status"))
                                .checkIf((response, _) -> response.status().code() == CREATED)
                                .then(
                                        header("Location").is(session -> jar(session).path()),
                                        header("Registry-Serial").exists(),
                                        jsonPath("$.digest").is(session -> jar(session).digest())));
    }

    /** Asks for the state of a publish that was answered with 202 until it is live. */
    static ChainBuilder follow() {
        return doIf(PublishSteps::isUnderWay)
                .then(
                        exec(session -> session.set("state", "received")),
                        asLongAs(
                                        session ->
                                                !session.isFailed()
                                                        && !"live"
                                                                .equals(session.getString("state")))
                                .on(
                                        pause(PublishSteps::retryAfter),
                                        http(FOLLOW)
                                                .get("#{location}")
                                                .header("Authorization", "Bearer #{token}")
                                                .check(
                                                        status().is(200),
                                                        header("Retry-After")
                                                                .optional()
                                                                .saveAs("retry"),
                                                        jsonPath("$.state")
                                                                .in(
                                                                        "received",
                                                                        "inspecting",
                                                                        "verifying",
                                                                        "queued",
                                                                        "live")
                                                                .saveAs("state"))));
    }

    /** Follows such a publish by its events to the last. */
    static ChainBuilder stream() {
        return doIf(PublishSteps::isUnderWay)
                .then(
                        http(STREAM)
                                .get("#{location}")
                                .header("Authorization", "Bearer #{token}")
                                .header("Accept", "text/event-stream")
                                .check(
                                        status().is(200),
                                        bodyString()
                                                .transform(PublishSteps::lastEvent)
                                                .transform(
                                                        event ->
                                                                event.contains(
                                                                        "\"state\":\"live\""))
                                                .is(true)));
    }

    /** Whoever was refused waits as long as it was told, and goes on. */
    static ChainBuilder recover() {
        return doIf(Session::isFailed)
                .then(pause(PublishSteps::retryAfter), exec(Session::markAsSucceeded));
    }

    private static String lastEvent(String events) {
        return events.substring(Math.max(0, events.lastIndexOf("event: ")));
    }

    private static boolean isUnderWay(Session session) {
        return !session.isFailed() && session.getInt("status") == ACCEPTED;
    }

    private static Duration retryAfter(Session session) {
        String seconds = session.getString("retry");
        return Duration.ofSeconds(seconds == null ? 1 : Long.parseLong(seconds));
    }

    static PluginJar jar(Session session) {
        return LoadSimulation.attribute(session, "jar", PluginJar.class);
    }
}
