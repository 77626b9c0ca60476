package dev.modunest.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A witness that cosigns whatever it is shown. */
final class TrialWitness implements AutoCloseable {

    private final NoteSigner signer;
    private final HttpServer server;

    TrialWitness(String name) throws IOException {
        this.signer =
                new NoteSigner(
                        name,
                        NoteKey.Kind.ED25519_COSIGNATURE,
                        new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/add-checkpoint", this::cosign);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    NoteKey key() {
        return signer.key();
    }

    /** The checkpoint is behind the first empty line. */
    private void cosign(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        SignedCheckpoint checkpoint =
                SignedCheckpoint.parse(body.substring(body.indexOf("\n\n") + 2));
        byte[] answer =
                signer.sign(checkpoint.checkpoint(), Instant.now())
                        .text()
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
