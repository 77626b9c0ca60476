package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.trust.ReleaseVerifier;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.TrustPolicy;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.format.tuf.TufException;
import dev.modunest.loader.TrustOptions;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What releases are verified with in one state of the repository, read once.
 *
 * @param registry the name of the registry
 * @param listsEnd when the first of the revocation lists is not current any more
 * @param logs the keys that must sign the heads of each log that is trusted now, by its name
 */
record TrustBasis(
        String registry,
        ReleaseVerifier verifier,
        RevokedArtifacts revoked,
        Optional<Instant> listsEnd,
        Map<String, List<NoteKey>> logs) {

    TrustBasis {
        logs = Map.copyOf(logs);
    }

    /**
     * Reads it from the repository.
     *
     * @throws IllegalArgumentException when a target is not what it should be
     */
    static TrustBasis read(RepositoryView repository, RevocationFiles lists, TrustOptions options)
            throws TufException, IOException {
        TrustedRoot root = TrustedRoot.parse(repository.get("trusted_root.json"), PathRules.STRICT);
        Set<Digest> rules = new HashSet<>(options.demands().rules());
        byte[] policyDocument = repository.get("policy.json");
        rules.add(Digest.ofBytes(policyDocument));
        rules.addAll(superseded(policyDocument));
        String registry = options.registryName().orElseGet(() -> name(root));
        List<RevocationList> revocations = lists.lists(root, repository.isCurrent());
        TrustPolicy policy =
                new TrustPolicy(
                        registry,
                        rules,
                        TrustLevel.PS_L1, // the least of a namespace is held against the outcome
                        options.demands().logKeys(),
                        options.demands().witnesses(),
                        options.demands().quorum(),
                        options.demands().builders(),
                        TrustPolicy.SKEW);
        return new TrustBasis(
                registry,
                new ReleaseVerifier(root, revocations, policy),
                RevokedArtifacts.parse(repository.get("revoked.json")),
                revocations.stream()
                        .flatMap(list -> list.validity().end().stream())
                        .min(Instant::compareTo),
                logs(root, options));
    }

    /** Rules of earlier versions of the registry, by which older releases were checked. */
    private static List<Digest> superseded(byte[] policy) {
        return StrictJson.object(policy)
                .path("supersedes")
                .valueStream()
                .map(digest -> Digest.parse(digest.asText()))
                .toList();
    }

    /** Logs are named {@code <registry>/log/<shard>}. */
    private static String name(TrustedRoot root) {
        List<String> names =
                root.logs().stream()
                        .map(TransparencyLog::name)
                        .map(name -> name.substring(0, Math.max(0, name.indexOf('/'))))
                        .distinct()
                        .toList();
        if (names.size() != 1 || names.getFirst().isEmpty()) {
            throw new IllegalArgumentException(
                    "the logs of the trust root do not tell the name of the registry: set"
                            + " registryName");
        }
        return names.getFirst();
    }

    private static Map<String, List<NoteKey>> logs(TrustedRoot root, TrustOptions options) {
        Instant now = options.clock().instant();
        Map<String, List<NoteKey>> keys = new LinkedHashMap<>();
        root.logs().stream()
                .filter(log -> log.validFor().contains(now))
                .forEach(
                        log ->
                                keys.computeIfAbsent(
                                                log.name(),
                                                _ -> new ArrayList<>(options.demands().logKeys()))
                                        .add(log.noteKey()));
        return keys;
    }

    /**
     * The time by which a release is judged: now; while the registry is away the end of the
     * revocation lists, when that is no longer ago than {@code patience}.
     */
    Instant judgingTime(boolean current, Duration patience, Instant now) {
        return !current
                        && listsEnd.isPresent()
                        && now.isAfter(listsEnd.get())
                        && !now.isAfter(listsEnd.get().plus(patience))
                ? listsEnd.get()
                : now;
    }
}
