package dev.modunest.edge.listen;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A certificate chain and the key that belongs to it.
 *
 * @param chain PEM
 * @param key PEM
 * @param names the DNS names and addresses of the certificate (RFC 5280 4.2.1.6), in lower case
 * @param end of its validity
 */
record ServerCertificate(Buffer chain, Buffer key, Set<String> names, Instant end) {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

    /**
     * Reads both files.
     *
     * @throws IllegalArgumentException when they do not hold what they should, or not the same key
     * @throws UncheckedIOException when one cannot be read
     */
    static ServerCertificate read(Path certificate, Path key) {
        try {
            byte[] chain = Files.readAllBytes(certificate);
            byte[] secret = Files.readAllBytes(key);
            X509Certificate leaf = leaf(chain, certificate);
            requireTwins(leaf.getPublicKey(), secret, certificate, key);
            return new ServerCertificate(
                    Buffer.buffer(chain),
                    Buffer.buffer(secret),
                    names(leaf),
                    leaf.getNotAfter().toInstant());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "listen.tls.certificate or listen.tls.key cannot be read", unreadable);
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException(
                    certificate + " and " + key + " cannot be used for TLS", malformed);
        }
    }

    PemKeyCertOptions options() {
        return new PemKeyCertOptions().addCertValue(chain).addKeyValue(key);
    }

    /** Whether the certificate names {@code host} (RFC 9525 6.3). */
    boolean covers(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    private static X509Certificate leaf(byte[] chain, Path file) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(chain))
                .stream()
                .map(X509Certificate.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file + " has no certificate"));
    }

    private static void requireTwins(PublicKey open, byte[] secret, Path certificate, Path key)
            throws GeneralSecurityException {
        Matcher pem = PKCS8.matcher(new String(secret, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new IllegalArgumentException(
                    key
                            + " has no BEGIN PRIVATE KEY; write PKCS#8 by openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(Objects.requireNonNull(pem.group(1)));
        PrivateKey twin =
                KeyFactory.getInstance(open.getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        Signature signature =
                Signature.getInstance(
                        switch (open.getAlgorithm()) {
                            case "RSA" -> "SHA256withRSA";
                            case "EC" -> "SHA256withECDSA";
                            default -> open.getAlgorithm();
                        });
        byte[] text = "twins".getBytes(StandardCharsets.US_ASCII);
        signature.initSign(twin);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new IllegalArgumentException(key + " is not the key of " + certificate);
        }
    }

    private static Set<String> names(X509Certificate leaf) throws GeneralSecurityException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        return names == null
                ? Set.of()
                : names.stream()
                        .filter(name -> isName((Integer) Objects.requireNonNull(name.get(0))))
                        .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isName(int type) {
        return type == DNS_NAME || type == IP_ADDRESS;
    }
}
