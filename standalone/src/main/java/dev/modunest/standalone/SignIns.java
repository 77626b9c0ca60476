package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.settings.Secret;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The sign-ins of this machine's user, by registry, in a file that its owner alone reads. A refresh
 * token works once, so that of several processes one refreshes and the others take what it got.
 */
final class SignIns {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration EARLY = Duration.ofSeconds(30);

    private final Path file;
    private final InstantSource clock;

    SignIns(Path folder, InstantSource clock) {
        this.file = folder.resolve("sign-ins.json");
        this.clock = clock;
    }

    /** Of the user who runs this. */
    static SignIns ofUser() {
        return new SignIns(UpCommand.defaultData(), InstantSource.system());
    }

    /** What is done while no other process changes the file. */
    private interface Change<T> {
        T apply(ObjectNode all) throws IOException, InterruptedException;
    }

    private <T> T locked(Change<T> change) throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel =
                        FileChannel.open(
                                file.resolveSibling("sign-ins.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            return change.apply(read());
        }
    }

    private ObjectNode read() throws IOException {
        if (!Files.exists(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode tree = JSON.readTree(file.toFile());
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw StandaloneException.refused(
                file + " is damaged; delete it and sign in again with ./modunest login");
    }

    private void write(ObjectNode all) throws IOException {
        DataDirectory.write(file, JSON.writeValueAsBytes(all));
    }

    private static String key(URI registry) {
        return registry.getScheme() + "://" + registry.getAuthority();
    }

    /** Keeps what the token endpoint of {@code registry} gave. */
    void put(URI registry, JsonNode tokens) throws IOException, InterruptedException {
        locked(
                all -> {
                    all.set(key(registry), kept(tokens));
                    write(all);
                    return true;
                });
    }

    private ObjectNode kept(JsonNode tokens) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("access_token", tokens.path("access_token").asText())
                .put("refresh_token", tokens.path("refresh_token").asText())
                .put(
                        "expires_at",
                        clock.instant().plusSeconds(tokens.path("expires_in").asLong()).toString());
    }

    /** Forgets the sign-in; its refresh token, to be revoked. */
    Optional<String> remove(URI registry) throws IOException, InterruptedException {
        return locked(
                all -> {
                    JsonNode removed = all.remove(key(registry));
                    write(all);
                    return Optional.ofNullable(removed)
                            .map(sign -> sign.path("refresh_token").asText());
                });
    }

    /** An access token that is still good, refreshed when it is time; empty when signed out. */
    Optional<Secret> token(URI registry) throws IOException, InterruptedException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return locked(
                all -> {
                    JsonNode kept = all.path(key(registry));
                    if (kept.isMissingNode()) {
                        return Optional.empty();
                    }
                    Instant expires = Instant.parse(kept.path("expires_at").asText());
                    if (clock.instant().isBefore(expires.minus(EARLY))) {
                        return Optional.of(new Secret(kept.path("access_token").asText()));
                    }
                    return Optional.of(refreshed(registry, all, kept));
                });
    }

    private Secret refreshed(URI registry, ObjectNode all, JsonNode kept)
            throws IOException, InterruptedException {
        try (OAuthClient client = new OAuthClient(registry)) {
            OAuthClient.Answer answer =
                    client.post(
                            "/oauth/token",
                            Map.of(
                                    "grant_type",
                                    "refresh_token",
                                    "client_id",
                                    OAuthClient.CLIENT,
                                    "refresh_token",
                                    kept.path("refresh_token").asText()));
            if (!answer.isGood()) {
                throw StandaloneException.refused(
                        "the sign-in at "
                                + registry
                                + " is over ("
                                + answer.description()
                                + "); sign in again: ./modunest login --registry "
                                + registry);
            }
            ObjectNode fresh = kept(answer.body());
            all.set(key(registry), fresh);
            write(all);
            return new Secret(fresh.path("access_token").asText());
        }
    }
}
