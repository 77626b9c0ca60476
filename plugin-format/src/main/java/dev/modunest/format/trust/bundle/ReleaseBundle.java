package dev.modunest.format.trust.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.x509.Certificate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A Sigstore bundle v0.3 with a signed statement and one certificate: of a publisher, or of the
 * registry. The signer makes it without entry and time stamp; the registry adds those.
 *
 * @param timeStamps TimeStampResp (RFC 3161) over the signature, DER in base64
 */
public record ReleaseBundle(
        DsseEnvelope envelope,
        Certificate certificate,
        Optional<TlogEntry> logged,
        List<Octets> timeStamps) {

    public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public static final int MAX_BYTES = 256 << 10;

    private static final int MAX_TIME_STAMPS = 4;

    public ReleaseBundle {
        timeStamps = List.copyOf(timeStamps);
    }

    /** What the signer makes. */
    public ReleaseBundle(DsseEnvelope envelope, Certificate certificate) {
        this(envelope, certificate, Optional.empty(), List.of());
    }

    /**
     * Reads a bundle.
     *
     * @throws IllegalArgumentException when it is malformed or not of this kind
     */
    public static ReleaseBundle parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException("a bundle has more than 256 KiB");
        }
        JsonFields json = JsonFields.parse(utf8, "bundle");
        json.only("mediaType", "dsseEnvelope", "verificationMaterial")
                .require("mediaType", MEDIA_TYPE);
        JsonFields material =
                json.object("verificationMaterial")
                        .only("certificate", "tlogEntries", "timestampVerificationData");
        List<JsonFields> entries = material.objects("tlogEntries");
        if (entries.size() > 1) {
            throw material.fault("tlogEntries", "has more than one element");
        }
        List<Octets> timeStamps = new ArrayList<>();
        Optional<JsonFields> times = material.objectIf("timestampVerificationData");
        if (times.isPresent()) {
            for (JsonFields stamp :
                    times.get().only("rfc3161Timestamps").objects("rfc3161Timestamps")) {
                stamp.only("signedTimestamp");
                timeStamps.add(Octets.of(stamp.base64("signedTimestamp")));
            }
        }
        if (timeStamps.size() > MAX_TIME_STAMPS) {
            throw material.fault("timestampVerificationData", "has more than four time stamps");
        }
        return new ReleaseBundle(
                DsseEnvelope.parse(json.object("dsseEnvelope")),
                Certificate.parse(
                        material.object("certificate").only("rawBytes").base64("rawBytes")),
                entries.stream().map(TlogEntry::parse).findFirst(),
                timeStamps);
    }

    /** The same with what the registry adds. */
    public ReleaseBundle with(TlogEntry entry, List<byte[]> stamps) {
        return new ReleaseBundle(
                envelope,
                certificate,
                Optional.of(entry),
                stamps.stream().map(Octets::of).toList());
    }

    /** What the signer made, without what the registry added: canonical JSON (RFC 8785). */
    public byte[] publisherPart() {
        return canonical(new ReleaseBundle(envelope, certificate));
    }

    /** The SHA-256 of {@link #publisherPart}, by which a summary names the bundle. */
    public Digest publisherDigest() {
        return Digest.ofBytes(publisherPart());
    }

    /** The bundle as it is served: canonical JSON (RFC 8785). */
    public byte[] bytes() {
        return canonical(this);
    }

    /** The leaf that the log has of this bundle. */
    public byte[] logBody() {
        return DsseLogBody.of(envelope, certificate);
    }

    private static byte[] canonical(ReleaseBundle bundle) {
        return CanonicalJson.text(bundle.json()).getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode json() {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("mediaType", MEDIA_TYPE);
        json.set("dsseEnvelope", envelope.json());
        ObjectNode material = json.putObject("verificationMaterial");
        material.putObject("certificate")
                .put("rawBytes", Base64.getEncoder().encodeToString(certificate.der()));
        logged.ifPresent(entry -> material.putArray("tlogEntries").add(entry.json()));
        if (!timeStamps.isEmpty()) {
            ArrayNode stamps =
                    material.putObject("timestampVerificationData").putArray("rfc3161Timestamps");
            timeStamps.forEach(stamp -> stamps.addObject().put("signedTimestamp", stamp.base64()));
        }
        return json;
    }
}
