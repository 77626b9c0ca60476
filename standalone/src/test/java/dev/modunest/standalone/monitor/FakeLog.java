package dev.modunest.standalone.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.Digest;
import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.EntryBundle;
import dev.modunest.format.log.Frontier;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log whose owner may cheat: entries in memory, behind the paths of C2SP tlog-tiles. */
public final class FakeLog implements AutoCloseable {

    public static final String ORIGIN = "fake.example/log/2026";

    private final NoteSigner signer = signer();
    private final List<byte[]> entries = new CopyOnWriteArrayList<>();
    private final Map<Digest, byte[]> statements = new ConcurrentHashMap<>();
    private final HttpServer server;
    private volatile Optional<String> checkpoint = Optional.empty();
    private volatile boolean withoutPartialTiles;

    public FakeLog() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private static NoteSigner signer() {
        return new NoteSigner(
                ORIGIN,
                NoteKey.Kind.ED25519,
                new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public NoteKey key() {
        return signer.key();
    }

    public void append(String... more) {
        for (String entry : more) {
            entries.add(entry.getBytes(StandardCharsets.UTF_8));
        }
    }

    void append(byte[] entry, byte[] statement) {
        entries.add(entry);
        statements.put(Digest.ofBytes(statement), statement);
    }

    /** Writes history anew. */
    public void replace(int index, String entry) {
        entries.set(index, entry.getBytes(StandardCharsets.UTF_8));
    }

    void forgetAfter(int size) {
        entries.subList(size, entries.size()).clear();
    }

    /** From now on that is its checkpoint, whatever it has. */
    void say(String note) {
        checkpoint = Optional.of(note);
    }

    /** Full ones are there. */
    void dropPartialTiles() {
        withoutPartialTiles = true;
    }

    SignedCheckpoint head() {
        return head(ORIGIN, signer);
    }

    /** The head of the same tree under another name or key. */
    SignedCheckpoint head(String origin, NoteSigner by) {
        Frontier tree = Frontier.empty();
        entries.forEach(entry -> tree.append(Hash.leaf(entry), (level, index, hash) -> {}));
        return SignedCheckpoint.sign(
                new Checkpoint(origin, entries.size(), tree.root()), List.of(by), Instant.now());
    }

    static NoteSigner otherSigner() {
        return signer();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String prefix = "/log/2026/";
        byte[] body = new byte[0];
        if (path.equals(prefix + "checkpoint")) {
            body = checkpoint.orElseGet(() -> head().toString()).getBytes(StandardCharsets.UTF_8);
        } else if (path.startsWith(prefix)) {
            body =
                    TilePath.parse(path.substring(prefix.length()))
                            .filter(this::isThere)
                            .map(this::tile)
                            .orElse(body);
        } else if (path.startsWith("/attest/sha256/")) {
            body =
                    Digest.tryHex(path.substring("/attest/sha256/".length()))
                            .map(digest -> statements.getOrDefault(digest, new byte[0]))
                            .orElse(body);
        }
        exchange.sendResponseHeaders(
                body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private boolean isThere(TilePath tile) {
        TilePath full = new TilePath(tile.level(), tile.index(), TilePath.FULL);
        return tile.isFull() || !withoutPartialTiles || tile(full).length == 0;
    }

    private byte[] tile(TilePath path) {
        int first = (int) path.index() * TilePath.FULL;
        int span = path.level() < 1 ? 1 : TilePath.FULL;
        if ((first + path.width()) * span > entries.size()) {
            return new byte[0];
        }
        if (path.level() == TilePath.ENTRIES) {
            return EntryBundle.write(entries.subList(first, first + path.width()));
        }
        ByteArrayOutputStream tile = new ByteArrayOutputStream();
        for (int node = first; node < first + path.width(); node++) {
            Frontier below = Frontier.empty();
            entries.subList(node * span, (node + 1) * span)
                    .forEach(entry -> below.append(Hash.leaf(entry), (level, index, hash) -> {}));
            tile.writeBytes(below.root().bytes());
        }
        return tile.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
