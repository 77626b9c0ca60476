package dev.modunest.server.trust;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.server.key.KeyException;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.x509.Authority;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the parts of a trust directory and notes what is wrong with each. */
final class DirectoryReader {

    private final TrustFile file;
    private final KeyStorage storage;
    private final Instant now;
    private final List<String> faults = new ArrayList<>();

    DirectoryReader(TrustFile file, KeyStorage storage, Instant now) {
        this.file = file;
        this.storage = storage;
        this.now = now;
    }

    List<String> faults() {
        return faults;
    }

    void fault(String words) {
        faults.add(words);
    }

    private <T> Optional<T> noting(String what, Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (KeyException | IllegalArgumentException wrong) {
            faults.add(what + ": " + wrong.getMessage());
            return Optional.empty();
        }
    }

    /** A key of that algorithm. */
    Optional<Signer> signer(SignatureAlgorithm algorithm, String... path) {
        String what = String.join(".", path);
        return noting(
                what,
                () -> {
                    Signer signer = file.signer(storage, path);
                    if (signer.key().algorithm() != algorithm) {
                        throw new IllegalArgumentException(
                                "the key is of "
                                        + signer.key().algorithm()
                                        + " and must be of "
                                        + algorithm);
                    }
                    return signer;
                });
    }

    Optional<X509Certificate> certificate(String... path) {
        return noting(
                String.join(".", path),
                () -> {
                    X509Certificate certificate = file.certificate(path);
                    requireValid(certificate);
                    return certificate;
                });
    }

    private void requireValid(X509Certificate certificate) {
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(certificate.getNotBefore().toInstant()) || now.isAfter(until)) {
            throw new IllegalArgumentException(
                    "the certificate is valid from "
                            + certificate.getNotBefore().toInstant()
                            + " to "
                            + until
                            + ", not now; make the next one with ./modunest ceremony");
        }
    }

    /** A key with its certificate, which {@code issuer} has to have signed. */
    Optional<Authority> certified(Optional<X509Certificate> issuer, String... path) {
        Optional<Signer> signer = signer(SignatureAlgorithm.ECDSA_P256, path);
        Optional<X509Certificate> certificate = certificate(path);
        if (signer.isEmpty() || certificate.isEmpty() || issuer.isEmpty()) {
            return Optional.empty();
        }
        return noting(
                String.join(".", path),
                () -> {
                    requireSigned(certificate.get(), issuer.get());
                    return new Authority(signer.get(), certificate.get());
                });
    }

    private static void requireSigned(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException refused) {
            throw new IllegalArgumentException(
                    "the certificate is not signed by " + issuer.getSubjectX500Principal());
        }
    }

    Optional<String> text(String name, String... path) {
        return noting(
                String.join(".", path) + "." + name,
                () ->
                        StrictJson.text(file.at(path), name)
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        TrustFile.NAME + " does not have it")));
    }

    /** Whether the certificate ended: an authority of former times. */
    boolean isOver(String... path) {
        try {
            return now.isAfter(file.certificate(path).getNotAfter().toInstant());
        } catch (KeyException | IllegalArgumentException _) {
            return false;
        }
    }

    boolean has(String... path) {
        return !file.at(path).isMissingNode();
    }
}
