package dev.modunest.format.trust.root;

import dev.modunest.format.Digest;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.SubjectKey;
import dev.modunest.format.trust.x509.Validity;

import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the fields of a trust root. */
final class TrustedRootReader {

    static final Map<String, String> KEY_DETAILS =
            Map.of("ED25519", "PKIX_ED25519", "ECDSA_P256", "PKIX_ECDSA_P256_SHA_256");

    private final PathRules rules;

    TrustedRootReader(PathRules rules) {
        this.rules = rules;
    }

    TrustedRoot read(JsonFields json) {
        return new TrustedRoot(
                json.objects("certificateAuthorities").stream().map(this::authority).toList(),
                json.objects("tlogs").stream().map(TrustedRootReader::log).toList(),
                json.objects("ctlogs").stream().map(TrustedRootReader::certificateLog).toList(),
                json.objects("timestampAuthorities").stream()
                        .map(this::timeStampAuthority)
                        .toList());
    }

    private AuthorityChain authority(JsonFields json) {
        return new AuthorityChain(certificates(json), validFor(json), rules);
    }

    private TimeStampAuthority timeStampAuthority(JsonFields json) {
        return new TimeStampAuthority(certificates(json), validFor(json), rules);
    }

    private static List<Certificate> certificates(JsonFields json) {
        json.only("subject", "uri", "certChain", "validFor", "operator");
        return json.object("certChain").only("certificates").objects("certificates").stream()
                .map(each -> Certificate.parse(each.only("rawBytes").base64("rawBytes")))
                .toList();
    }

    private static JsonFields onlyLog(JsonFields json) {
        json.only("baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator");
        json.require("hashAlgorithm", "SHA2_256");
        return json.object("publicKey").only("rawBytes", "keyDetails", "validFor");
    }

    private static TransparencyLog log(JsonFields json) {
        JsonFields publicKey = onlyLog(json);
        VerifyingKey key = VerifyingKey.ofSpki(publicKey.base64("rawBytes"));
        if (!publicKey.text("keyDetails").equals(KEY_DETAILS.get(key.algorithm().name()))) {
            throw publicKey.fault("keyDetails", "does not fit the key");
        }
        return new TransparencyLog(json.text("baseUrl"), key, logId(json), validFor(publicKey));
    }

    private static CertificateLog certificateLog(JsonFields json) {
        JsonFields publicKey = onlyLog(json);
        byte[] spki = publicKey.base64("rawBytes");
        PublicKey key =
                SubjectKey.parse(spki)
                        .publicKey()
                        .orElseThrow(() -> publicKey.fault("rawBytes", "is no key"));
        String logId = json.has("logId") ? logId(json) : Digest.ofBytes(spki).hex();
        return new CertificateLog(json.text("baseUrl"), key, logId, validFor(publicKey));
    }

    private static String logId(JsonFields json) {
        return HexFormat.of().formatHex(json.object("logId").only("keyId").base64("keyId"));
    }

    private static Validity validFor(JsonFields json) {
        JsonFields validFor = json.object("validFor").only("start", "end");
        return new Validity(
                validFor.time("start"),
                validFor.has("end") ? Optional.of(validFor.time("end")) : Optional.empty());
    }
}
