package dev.modunest.standalone.monitor;

import dev.modunest.format.Digest;
import dev.modunest.format.log.EntryBundle;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.TilePath;
import dev.modunest.settings.Secret;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The files of a log and the statements in it, by HTTP (C2SP tlog-tiles). What it answers is not
 * checked. Thread-safe.
 */
public final class RemoteLog implements AutoCloseable {

    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(10);
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(30);
    private static final long MAX_BYTES = 32L << 20;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final URI registry;
    private final String origin;
    private final Optional<Secret> token;
    private final HttpClient http;

    /**
     * @param registry where the log is served, of whatever name
     * @param origin of the log: host, slash and its path
     * @param token reads statements of private namespaces
     */
    public RemoteLog(URI registry, String origin, Optional<Secret> token) {
        this.registry = registry;
        this.origin = origin;
        this.token = token;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_AT_MOST)
                        .build();
    }

    String origin() {
        return origin;
    }

    /** The newest head that is served, a note. */
    public String checkpoint() throws IOException, InterruptedException {
        byte[] note = require("checkpoint");
        if (note.length > Note.MAX_BYTES) {
            throw new IOException("the checkpoint has more than " + Note.MAX_BYTES + " bytes");
        }
        return new String(note, StandardCharsets.UTF_8);
    }

    HashTile tile(TilePath path) throws IOException, InterruptedException {
        try {
            Optional<byte[]> tile = file(path.toString());
            if (tile.isPresent()) {
                return HashTile.parse(path, tile.get());
            }
            TilePath full = full(path);
            HashTile whole = HashTile.parse(full, require(full.toString()));
            return new HashTile(path, whole.hashes().subList(0, path.width()));
        } catch (IllegalArgumentException malformed) {
            throw new IOException(path + ": " + malformed.getMessage(), malformed);
        }
    }

    /** The entries of a tile. */
    List<byte[]> entries(TilePath path) throws IOException, InterruptedException {
        try {
            Optional<byte[]> bundle = file(path.toString());
            if (bundle.isPresent()) {
                return EntryBundle.read(bundle.get(), path.width());
            }
            TilePath full = full(path);
            return EntryBundle.read(require(full.toString()), full.width())
                    .subList(0, path.width());
        } catch (IllegalArgumentException malformed) {
            throw new IOException(path + ": " + malformed.getMessage(), malformed);
        }
    }

    /** A partial tile may go when the full one is there. */
    private static TilePath full(TilePath path) {
        return new TilePath(path.level(), path.index(), TilePath.FULL);
    }

    /** What was signed; empty when it is not for everybody, or not there. */
    Optional<byte[]> statement(Digest payload) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/attest/sha256/" + payload.hex());
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.value()));
        Optional<byte[]> statement = send(request);
        if (statement.isPresent() && !Digest.ofBytes(statement.get()).equals(payload)) {
            throw new IOException("the statement " + payload + " is served with other bytes");
        }
        return statement;
    }

    private byte[] require(String file) throws IOException, InterruptedException {
        return file(file)
                .orElseThrow(() -> new IOException("the log " + origin + " has no " + file));
    }

    private Optional<byte[]> file(String name) throws IOException, InterruptedException {
        return send(request(origin.substring(origin.indexOf('/')) + "/" + name));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(registry.resolve(path)).timeout(ANSWER_AT_MOST);
    }

    private Optional<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpRequest built = request.build();
        HttpResponse<byte[]> response =
                http.send(
                        built,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        return switch (response.statusCode()) {
            case OK -> Optional.of(response.body());
            case NOT_FOUND -> Optional.empty();
            default -> throw new IOException(built.uri() + " answers " + response.statusCode());
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
