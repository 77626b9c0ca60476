package dev.modunest.db;

/** What the last check of a replica found. */
public sealed interface ReplicaState {

    /** It follows the primary; reads go there when it has replayed enough. */
    record Following(LogPosition replayed) implements ReplicaState {}

    /** It follows, but what it has is too old. */
    record Lagging(LogPosition replayed) implements ReplicaState {}

    /** It does not follow the primary any more: it takes writes itself. */
    record Promoted() implements ReplicaState {}

    /** It follows another history than the primary's. */
    record Diverged(int timeline, int timelineOfPrimary) implements ReplicaState {}

    /** It did not answer in time, or failed. */
    record Unreachable(String reason) implements ReplicaState {}
}
