package dev.modunest.format.trust.root;

import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.PathRules;

import java.util.List;
import java.util.Set;

/**
 * Whom a host trusts (Sigstore TrustedRoot v0.1 and v0.2): certificate authorities, logs and
 * time-stamping authorities, each for a time. Immutable; reading checks the chains, so read it
 * once.
 */
public record TrustedRoot(
        List<AuthorityChain> authorities,
        List<TransparencyLog> logs,
        List<CertificateLog> certificateLogs,
        List<TimeStampAuthority> timeStampAuthorities) {

    public static final String MEDIA_TYPE =
            "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

    private static final Set<String> MEDIA_TYPES =
            Set.of(
                    MEDIA_TYPE,
                    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
                    "application/vnd.dev.sigstore.trustedroot.v0.2+json");
    private static final int MAX_BYTES = 1 << 20;

    public TrustedRoot {
        authorities = List.copyOf(authorities);
        logs = List.copyOf(logs);
        certificateLogs = List.copyOf(certificateLogs);
        timeStampAuthorities = List.copyOf(timeStampAuthorities);
    }

    /**
     * Reads a trust root of at most 1 MiB.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    public static TrustedRoot parse(byte[] utf8, PathRules rules) {
        if (utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException("a trust root has more than 1 MiB");
        }
        JsonFields json = JsonFields.parse(utf8, "trusted_root");
        json.only("mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities");
        if (!MEDIA_TYPES.contains(json.text("mediaType"))) {
            throw json.fault("mediaType", "is not that of a trust root");
        }
        return new TrustedRootReader(rules).read(json);
    }

    /** The trust root as it is served: canonical JSON (RFC 8785). */
    public byte[] bytes() {
        return TrustedRootWriter.write(this);
    }
}
