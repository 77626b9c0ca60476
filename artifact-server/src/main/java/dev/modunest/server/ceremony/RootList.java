package dev.modunest.server.ceremony;

import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.server.x509.Authority;
import dev.modunest.server.x509.RevocationListWriter;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The revocation list of the root (RFC 5280 5): which authorities below it are in other hands, each
 * list with all of the one before.
 */
final class RootList {

    private static final Duration VALIDITY = Duration.ofDays(400);

    private RootList() {}

    /**
     * An authority that is revoked.
     *
     * @param since from when what it certified signs badly (RFC 5280 5.3.2)
     */
    record Compromised(X509Certificate authority, Instant since) {}

    /**
     * The next list, DER.
     *
     * @param before the list that there was
     */
    static byte[] next(
            Authority root,
            Optional<byte[]> before,
            Optional<Compromised> compromised,
            Instant now) {
        long number =
                before.map(list -> RevocationList.parse(list).number().longValueExact()).orElse(0L)
                        + 1;
        RevocationListWriter writer =
                new RevocationListWriter(root, number, now, now.plus(VALIDITY));
        Optional<BigInteger> serial =
                compromised.map(revoked -> revoked.authority().getSerialNumber());
        before.ifPresent(list -> writer.continueFrom(list, serial));
        compromised.ifPresent(
                revoked ->
                        writer.add(
                                revoked.authority().getSerialNumber().toString(16),
                                now,
                                RevocationListWriter.CA_COMPROMISE,
                                Optional.of(revoked.since())));
        return writer.sign();
    }
}
