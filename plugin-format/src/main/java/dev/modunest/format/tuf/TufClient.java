package dev.modunest.format.tuf;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The client's workflow (specification 5) over a repository and what is kept of it. The store must
 * hold a trusted root, brought by another way than the repository. One update at a time.
 */
public final class TufClient {

    private final MetadataFiles files;
    private final InstantSource clock;
    private final TufLimits limits;

    public TufClient(
            MetadataStore store, RepositoryReader metadata, InstantSource clock, TufLimits limits) {
        this.files = MetadataFiles.of(store, metadata);
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Updates root, timestamp, snapshot and targets, and keeps each as soon as it is trusted.
     *
     * @throws TufException at the first thing that is not as it must be
     */
    public TrustedTargets refresh() throws TufException {
        TrustedMetadataSet trusted = startAt(clock.instant());
        updateRoot(trusted);
        updateTimestamp(trusted);
        return targets(trusted, files);
    }

    /**
     * What the last update left, checked anew and without asking the repository.
     *
     * @param grace how long ago what is kept may have expired
     */
    public TrustedTargets kept(Duration grace) throws TufException {
        TrustedMetadataSet trusted = startAt(clock.instant().minus(grace));
        trusted.checkRootFresh();
        trusted.offerKeptTimestamp(
                files.kept(TimestampMetadata.ROLE)
                        .orElseThrow(
                                () ->
                                        new TufException(
                                                TufProblem.UNAVAILABLE,
                                                TimestampMetadata.ROLE,
                                                "none is kept")));
        trusted.checkTimestampFresh();
        return targets(trusted, files.keptOnly());
    }

    private TrustedMetadataSet startAt(Instant start) throws TufException {
        byte[] root =
                files.kept(RootMetadata.ROLE)
                        .orElseThrow(
                                () ->
                                        new TufException(
                                                TufProblem.UNAVAILABLE,
                                                RootMetadata.ROLE,
                                                "no trusted root is kept"));
        return new TrustedMetadataSet(root, start);
    }

    /**
     * 5.3. Where a key of timestamp or snapshot goes, their kept metadata goes first (5.3.11): what
     * a thief of the key signed must not stand in the way, also after a crash between the two.
     */
    private void updateRoot(TrustedMetadataSet trusted) throws TufException {
        for (int i = 0; i < limits.rootRotations(); i++) {
            String path = RolePath.of(RootMetadata.ROLE, trusted.root().version() + 1);
            Optional<byte[]> bytes = files.fetch(RootMetadata.ROLE, path, limits.rootBytes());
            if (bytes.isEmpty()) {
                break;
            }
            RootMetadata next = trusted.checkRoot(bytes.get());
            if (trusted.root().rotatesOnlineKeys(next)) {
                files.forget(TimestampMetadata.ROLE);
                files.forget(SnapshotMetadata.ROLE);
            }
            files.keep(RootMetadata.ROLE, bytes.get());
            trusted.trustRoot(next);
        }
        trusted.checkRootFresh();
    }

    /** 5.4. */
    private void updateTimestamp(TrustedMetadataSet trusted) throws TufException {
        Optional<byte[]> kept = files.kept(TimestampMetadata.ROLE);
        if (kept.isPresent()) {
            try {
                trusted.offerKeptTimestamp(kept.get());
            } catch (TufException notOfThisRoot) {
                // the repository's takes its place
            }
        }
        byte[] bytes =
                files.require(
                        TimestampMetadata.ROLE,
                        RolePath.of(TimestampMetadata.ROLE),
                        limits.timestampBytes(),
                        null);
        if (trusted.updateTimestamp(bytes)) {
            files.keep(TimestampMetadata.ROLE, bytes);
        }
    }

    /** 5.5, and 5.6 to 5.6.6. */
    private TrustedTargets targets(TrustedMetadataSet trusted, MetadataFiles from)
            throws TufException {
        TargetsRoles roles = new TargetsRoles(trusted, from, limits);
        roles.loadSnapshot();
        roles.load(TargetsMetadata.ROLE, RootMetadata.ROLE);
        return new TrustedTargets(trusted, roles, limits);
    }
}
