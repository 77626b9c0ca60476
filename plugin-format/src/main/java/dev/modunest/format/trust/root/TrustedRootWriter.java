package dev.modunest.format.trust.root;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.Validity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Writes a trust root without logs of certificates, which this platform has none of. */
final class TrustedRootWriter {

    private static final String ORGANIZATION = "2.5.4.10";

    private TrustedRootWriter() {}

    static byte[] write(TrustedRoot root) {
        if (!root.certificateLogs().isEmpty()) {
            throw new IllegalArgumentException("logs of certificates are not written");
        }
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("mediaType", TrustedRoot.MEDIA_TYPE);
        ArrayNode logs = json.putArray("tlogs");
        root.logs().forEach(log -> write(logs.addObject(), log));
        ArrayNode authorities = json.putArray("certificateAuthorities");
        for (AuthorityChain chain : root.authorities()) {
            write(authorities.addObject(), chain.certificates(), chain.validFor());
        }
        ArrayNode clocks = json.putArray("timestampAuthorities");
        for (TimeStampAuthority clock : root.timeStampAuthorities()) {
            write(clocks.addObject(), clock.certificates(), clock.validFor());
        }
        return CanonicalJson.text(json).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(ObjectNode json, TransparencyLog log) {
        json.put("baseUrl", log.baseUrl());
        json.put("hashAlgorithm", "SHA2_256");
        ObjectNode key = json.putObject("publicKey");
        key.put("rawBytes", base64(log.key().spki()));
        key.put("keyDetails", TrustedRootReader.KEY_DETAILS.get(log.key().algorithm().name()));
        write(key.putObject("validFor"), log.validFor());
        json.putObject("logId").put("keyId", base64(HexFormat.of().parseHex(log.logId())));
    }

    private static void write(ObjectNode json, List<Certificate> certificates, Validity validFor) {
        Certificate first = certificates.getFirst();
        ObjectNode subject = json.putObject("subject");
        subject.put("organization", String.join(" ", first.subject().attributes(ORGANIZATION)));
        subject.put("commonName", String.join(" ", first.subject().attributes(Oids.COMMON_NAME)));
        ArrayNode chain = json.putObject("certChain").putArray("certificates");
        certificates.forEach(
                certificate -> chain.addObject().put("rawBytes", base64(certificate.der())));
        write(json.putObject("validFor"), validFor);
    }

    private static void write(ObjectNode json, Validity validFor) {
        json.put("start", validFor.start().toString());
        validFor.end().ifPresent(end -> json.put("end", end.toString()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
