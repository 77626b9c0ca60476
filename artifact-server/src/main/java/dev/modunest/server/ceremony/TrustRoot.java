package dev.modunest.server.ceremony;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.Validity;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.server.key.Pem;
import dev.modunest.server.trust.TrustFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * {@code trusted_root.json} of a trust directory: logs by their ECDSA and Ed25519 keys, authorities
 * and time stamping authorities with the root, past ones included.
 */
record TrustRoot(TrustFile file) {

    Path write() {
        Path path = file.directory().resolve(Layout.TRUSTED_ROOT);
        try {
            Files.write(path, trusted().bytes());
            return path;
        } catch (IOException failed) {
            throw new UncheckedIOException(path + " cannot be written", failed);
        }
    }

    TrustedRoot trusted() {
        return new TrustedRoot(authorities(), logs(), List.of(), clocks());
    }

    private List<AuthorityChain> authorities() {
        return file.authorities().stream()
                .map(id -> file.certificate(TrustFile.AUTHORITIES, id))
                .map(
                        certificate ->
                                new AuthorityChain(
                                        chain(certificate),
                                        Validity.of(
                                                certificate.getNotBefore().toInstant(),
                                                certificate.getNotAfter().toInstant()),
                                        PathRules.STRICT))
                .toList();
    }

    /** The ECDSA key first: some of Sigstore's tools take the first of a log. */
    private List<TransparencyLog> logs() {
        List<TransparencyLog> logs = new ArrayList<>();
        for (JsonNode entry : listed(TrustFile.LOG)) {
            String url = "https://" + entry.path("origin").asText();
            Validity validity =
                    new Validity(Instant.parse(entry.path("from").asText()), until(entry));
            key(entry, "ecdsa", SignatureAlgorithm.ECDSA_P256)
                    .ifPresent(key -> logs.add(TransparencyLog.of(url, key, validity)));
            key(entry, "ed25519", SignatureAlgorithm.ED25519)
                    .ifPresent(key -> logs.add(TransparencyLog.of(url, key, validity)));
        }
        return logs;
    }

    private static Optional<VerifyingKey> key(
            JsonNode entry, String field, SignatureAlgorithm algorithm) {
        return StrictJson.text(entry, field)
                .map(spki -> VerifyingKey.ofSpki(Base64.getDecoder().decode(spki)))
                .filter(key -> key.algorithm() == algorithm);
    }

    private List<TimeStampAuthority> clocks() {
        List<TimeStampAuthority> clocks = new ArrayList<>();
        for (JsonNode entry : listed(TrustFile.TIME_STAMPING)) {
            X509Certificate certificate =
                    Pem.readCertificate(
                            file.directory().resolve(entry.path(TrustFile.CERTIFICATE).asText()));
            clocks.add(
                    new TimeStampAuthority(
                            chain(certificate),
                            Validity.of(
                                    certificate.getNotBefore().toInstant(),
                                    until(entry).orElse(certificate.getNotAfter().toInstant())),
                            PathRules.STRICT));
        }
        return clocks;
    }

    private List<Certificate> chain(X509Certificate first) {
        return List.of(
                Certificate.parse(Pem.der(first)),
                Certificate.parse(Pem.der(file.certificate(TrustFile.ROOT))));
    }

    private JsonNode listed(String kind) {
        return file.content().path(TrustFile.LISTED).path(kind);
    }

    private static Optional<Instant> until(JsonNode entry) {
        return StrictJson.text(entry, "until").map(Instant::parse);
    }
}
