package dev.modunest.loader;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * An issuer whose access tokens (RFC 9068) a host accepts, with everything pinned that a token
 * could otherwise choose.
 *
 * @param issuer its {@code iss}, compared exactly
 * @param keys where its key set (RFC 7517) is
 * @param audience what {@code aud} must contain: the name of this host's endpoints at the issuer
 * @param algorithms the signatures that are accepted; never empty
 */
public record TrustedIssuer(String issuer, Keys keys, String audience, Set<Algorithm> algorithms) {

    /** A signature algorithm of RFC 7518 or RFC 8037. */
    public enum Algorithm {
        /** ECDSA on P-256 with SHA-256. */
        ES256("ES256"),
        /** RSASSA-PKCS1-v1_5 with SHA-256. */
        RS256("RS256"),
        /** RSASSA-PSS with SHA-256 and a salt of 32 bytes. */
        PS256("PS256"),
        /** Ed25519. */
        EDDSA("EdDSA");

        private final String text;

        Algorithm(String text) {
            this.text = text;
        }

        /** As {@code alg} spells it. */
        public String text() {
            return text;
        }
    }

    /** Where a key set is. */
    public sealed interface Keys {

        /**
         * At an address.
         *
         * @param plainHttp whether {@code http} may leave this machine, which is for a network that
         *     protects it: who changes the answer signs tokens
         */
        record At(URI address, boolean plainHttp) implements Keys {
            public At {
                String scheme = address.getScheme();
                if (!("http".equals(scheme) || "https".equals(scheme))
                        || address.getHost() == null) {
                    throw new IllegalArgumentException(
                            "'" + address + "' is no address of a key set: write https://...");
                }
                if ("http".equals(scheme) && !plainHttp && !isLoopback(address.getHost())) {
                    throw new IllegalArgumentException(
                            "'"
                                    + address
                                    + "' is not protected: use https, a key set file, or allow"
                                    + " plain http on a network that protects it");
                }
            }

            private static boolean isLoopback(String host) {
                return host.equals("localhost")
                        || host.equals("[::1]")
                        || host.matches("127(?:\\.[0-9]{1,3}){3}");
            }
        }

        /** In a file, read again as an address would be asked again. */
        record In(Path file) implements Keys {}
    }

    public TrustedIssuer {
        algorithms = Set.copyOf(algorithms);
        if (issuer.isBlank() || audience.isBlank() || algorithms.isEmpty()) {
            throw new IllegalArgumentException(
                    "a trusted issuer has a name, an audience and at least one algorithm");
        }
    }

    /**
     * A Modu-Nest registry: ES256, keys at {@code /.well-known/jwks.json}.
     *
     * @throws IllegalArgumentException when {@code issuer} is neither https nor on this machine
     */
    public static TrustedIssuer registry(URI issuer, String audience) {
        URI keys = URI.create(issuer.toString().replaceAll("/+$", "") + "/.well-known/jwks.json");
        return new TrustedIssuer(
                issuer.toString(), new Keys.At(keys, false), audience, Set.of(Algorithm.ES256));
    }
}
