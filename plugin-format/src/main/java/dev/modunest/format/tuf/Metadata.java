package dev.modunest.format.tuf;

import java.time.Instant;

/** What a role says, once its signatures are checked (specification 4.3 to 4.6). */
public sealed interface Metadata
        permits RootMetadata, TimestampMetadata, SnapshotMetadata, TargetsMetadata {

    long version();

    Instant expires();
}
