package dev.modunest.format.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.log.NoteKey;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a host demands beyond a trust root.
 *
 * @param registry the name of the registry, which its certificates have after {@code https://}
 * @param policies digests of the rules by which the registry may have checked
 * @param minimum what is below is refused
 * @param logKeys further keys of logs; all of the name of a log must have signed its head, and when
 *     there are any, each log has to have one
 * @param witnesses who may co-sign the log
 * @param quorum how many of them must
 * @param builders ids of builders that are SLSA Build L2 or better, as of {@link BuilderPolicy}
 * @param skew how far evidence may lie in the future
 */
public record TrustPolicy(
        String registry,
        Set<Digest> policies,
        TrustLevel minimum,
        List<NoteKey> logKeys,
        List<NoteKey> witnesses,
        int quorum,
        Set<String> builders,
        Duration skew) {

    public static final Duration SKEW = Duration.ofMinutes(5);

    public TrustPolicy {
        policies = Set.copyOf(policies);
        logKeys = List.copyOf(logKeys);
        witnesses = List.copyOf(witnesses);
        builders = Set.copyOf(builders);
        if (quorum < 0 || quorum > witnesses.size()) {
            throw new IllegalArgumentException(
                    "a quorum of " + quorum + " of " + witnesses.size() + " witnesses");
        }
        if (minimum == TrustLevel.PS_L0) {
            throw new IllegalArgumentException("what is blocked is never loaded");
        }
    }

    /** Publisher, summary and log, without witnesses. */
    public static TrustPolicy of(String registry, Set<Digest> policies) {
        return new TrustPolicy(
                registry, policies, TrustLevel.PS_L2, List.of(), List.of(), 0, Set.of(), SKEW);
    }

    String registryIdentity() {
        return "https://" + registry + "/registry";
    }

    String registryIssuer() {
        return "https://" + registry;
    }

    BuilderPolicy builderPolicy() {
        return new BuilderPolicy(registryIssuer(), builders);
    }
}
