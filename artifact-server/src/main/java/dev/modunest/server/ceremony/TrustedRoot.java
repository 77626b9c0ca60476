package dev.modunest.server.ceremony;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.server.key.Pem;
import dev.modunest.server.trust.TrustFile;
import dev.modunest.server.x509.RegistryNames;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Sigstore's TrustedRoot (sigstore/protobuf-specs, {@code sigstore_trustroot.proto}) as JSON: logs
 * by their ECDSA key, authorities and time stamping authorities with the root, past ones included.
 */
final class TrustedRoot {

    static final String NAME = "trusted_root.json";

    private static final String MEDIA_TYPE =
            "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

    private final TrustFile file;
    private final RegistryNames names;

    TrustedRoot(TrustFile file) {
        this.file = file;
        this.names = new RegistryNames(file.name());
    }

    Path write() {
        Path path = file.directory().resolve(NAME);
        try {
            Files.writeString(
                    path,
                    StrictJson.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document())
                            + "\n",
                    StandardCharsets.UTF_8);
            return path;
        } catch (IOException failed) {
            throw new UncheckedIOException(path + " cannot be written", failed);
        }
    }

    ObjectNode document() {
        ObjectNode document = StrictJson.JSON.createObjectNode().put("mediaType", MEDIA_TYPE);
        ArrayNode logs = document.putArray("tlogs");
        listed(TrustFile.LOG).forEach(entry -> log(logs.addObject(), entry));
        ArrayNode authorities = document.putArray("certificateAuthorities");
        for (String id : file.authorities()) {
            X509Certificate certificate = file.certificate(TrustFile.AUTHORITIES, id);
            authority(
                    authorities.addObject(),
                    "Publisher Issuing CA " + id.toUpperCase(java.util.Locale.ROOT),
                    certificate,
                    certificate.getNotBefore().toInstant(),
                    Optional.of(certificate.getNotAfter().toInstant()));
        }
        document.putArray("ctlogs");
        ArrayNode stamping = document.putArray("timestampAuthorities");
        listed(TrustFile.TIME_STAMPING)
                .forEach(
                        entry -> {
                            X509Certificate certificate =
                                    Pem.readCertificate(
                                            file.directory()
                                                    .resolve(
                                                            entry.path(TrustFile.CERTIFICATE)
                                                                    .asText()));
                            authority(
                                    stamping.addObject(),
                                    "Time Stamping Authority",
                                    certificate,
                                    certificate.getNotBefore().toInstant(),
                                    until(entry)
                                            .or(
                                                    () ->
                                                            Optional.of(
                                                                    certificate
                                                                            .getNotAfter()
                                                                            .toInstant())));
                        });
        return document;
    }

    private JsonNode listed(String kind) {
        return file.content().path(TrustFile.LISTED).path(kind);
    }

    private static Optional<Instant> until(JsonNode entry) {
        return StrictJson.text(entry, "until").map(Instant::parse);
    }

    private void log(ObjectNode log, JsonNode entry) {
        String spki = entry.path("ecdsa").asText();
        byte[] id = HexFormat.of().parseHex(Digest.ofBytes(Base64.getDecoder().decode(spki)).hex());
        log.put("baseUrl", "https://" + entry.path("origin").asText());
        log.put("hashAlgorithm", "SHA2_256");
        ObjectNode key =
                log.putObject("publicKey")
                        .put("rawBytes", spki)
                        .put("keyDetails", "PKIX_ECDSA_P256_SHA_256");
        validFor(key, Instant.parse(entry.path("from").asText()), until(entry));
        log.putObject("logId").put("keyId", id);
    }

    private void authority(
            ObjectNode authority,
            String commonName,
            X509Certificate certificate,
            Instant from,
            Optional<Instant> until) {
        authority
                .putObject("subject")
                .put("organization", names.host())
                .put("commonName", commonName);
        authority.put("uri", "https://" + names.host());
        ArrayNode chain = authority.putObject("certChain").putArray("certificates");
        chain.addObject().put("rawBytes", Pem.der(certificate));
        chain.addObject().put("rawBytes", Pem.der(file.certificate(TrustFile.ROOT)));
        validFor(authority, from, until);
    }

    private static void validFor(ObjectNode of, Instant from, Optional<Instant> until) {
        ObjectNode validFor = of.putObject("validFor").put("start", from.toString());
        until.ifPresent(end -> validFor.put("end", end.toString()));
    }
}
