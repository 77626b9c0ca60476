package dev.modunest.server.announce;

import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;
import dev.modunest.settings.Secret;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Tells every edge again and again that this server is there, {@code PUT /-/origins/{id}}, and when
 * it stops that it leaves.
 */
public final class Announcements implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final AnnounceConfig config;
    private final Secret token;
    private final URI own;
    private final HttpClient client;
    private final Periodic telling;
    private Set<String> deaf = Set.of();

    private Announcements(AnnounceConfig config, Secret token, URI own, Jobs jobs) {
        this.config = config;
        this.token = token;
        this.own = own;
        this.client = HttpClient.newBuilder().connectTimeout(config.timeout()).build();
        this.telling = jobs.start("announce", Duration.ZERO, config.interval(), this::tell);
    }

    /** Begins to announce, if there is anybody to tell. */
    public static Optional<Announcements> start(AnnounceConfig config, Jobs jobs) {
        return config.edges().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Announcements(
                                config,
                                config.token().orElseThrow(),
                                config.uri().orElseThrow(),
                                jobs));
    }

    private void tell() {
        String body = "{\"uri\":\"%s\",\"ttl_seconds\":%d}".formatted(own, config.ttl());
        Set<String> unheard =
                send("PUT", HttpRequest.BodyPublishers.ofString(body), Set.of(200, 201));
        unheard.stream()
                .filter(why -> !deaf.contains(why))
                .forEach(why -> LOG.warn("not announced: {}", why));
        if (unheard.isEmpty() && !deaf.isEmpty()) {
            LOG.info("announced to all edges again");
        }
        deaf = unheard;
    }

    /** Sends to all edges at the same time; gives whom it did not reach, and why. */
    private Set<String> send(String method, HttpRequest.BodyPublisher body, Set<Integer> good) {
        List<CompletableFuture<Optional<String>>> sent =
                config.edges().stream().map(edge -> send(edge, method, body, good)).toList();
        Set<String> unheard = new TreeSet<>();
        sent.stream().map(CompletableFuture::join).flatMap(Optional::stream).forEach(unheard::add);
        return unheard;
    }

    private CompletableFuture<Optional<String>> send(
            URI edge, String method, HttpRequest.BodyPublisher body, Set<Integer> good) {
        HttpRequest request =
                HttpRequest.newBuilder(edge.resolve("/-/origins/" + AnnounceConfig.id(own)))
                        .timeout(config.timeout())
                        .header("Authorization", "Bearer " + token.value())
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .handle(
                        (response, failed) ->
                                Stream.of(edge + ": " + why(response, failed))
                                        .filter(
                                                _ ->
                                                        response == null
                                                                || !good.contains(
                                                                        response.statusCode()))
                                        .findFirst());
    }

    private static String why(@Nullable HttpResponse<Void> response, @Nullable Throwable failed) {
        return response == null ? String.valueOf(failed) : "answers " + response.statusCode();
    }

    /** Takes the server back, within the timeout of one announcement. */
    @Override
    public void close() {
        telling.close();
        send("DELETE", HttpRequest.BodyPublishers.noBody(), Set.of(204, 404))
                .forEach(why -> LOG.warn("the end is not announced: {}", why));
        client.shutdownNow();
    }
}
