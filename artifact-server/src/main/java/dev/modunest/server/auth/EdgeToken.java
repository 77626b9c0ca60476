package dev.modunest.server.auth;

import dev.modunest.format.Digest;
import dev.modunest.settings.Secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Tells edges by the tokens that they share with the server; without one nobody is an edge. */
public final class EdgeToken {

    private final Optional<byte[]> reports;
    private final Optional<byte[]> keepsPrivate;

    /**
     * Knows both kinds; one token may be both.
     *
     * @param reports of edges that report downloads
     * @param keepsPrivate of edges that may fetch and keep private artifacts
     */
    public EdgeToken(Optional<Secret> reports, Optional<Secret> keepsPrivate) {
        this.reports = reports.map(secret -> sha256(secret.value()));
        this.keepsPrivate = keepsPrivate.map(secret -> sha256(secret.value()));
    }

    /** The edge whose token it is; empty when it is none of an edge of this registry. */
    public Optional<Principal.Edge> find(String token) {
        byte[] digest = sha256(token);
        boolean may = is(keepsPrivate, digest);
        return may || is(reports, digest) ? Optional.of(new Principal.Edge(may)) : Optional.empty();
    }

    /** The digests are of one length, so that the time tells nothing of the token. */
    private static boolean is(Optional<byte[]> expected, byte[] digest) {
        return expected.filter(known -> MessageDigest.isEqual(known, digest)).isPresent();
    }

    private static byte[] sha256(String text) {
        return Digest.newMessageDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
