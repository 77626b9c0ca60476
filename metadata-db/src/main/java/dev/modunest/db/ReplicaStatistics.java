package dev.modunest.db;

import java.time.Duration;

/**
 * A replica at one moment.
 *
 * @param server host and port
 * @param serving whether the next stale read may go there
 * @param age of what it has, at most; it grows while the replica or the primary cannot be asked
 * @param bytesBehind the primary; 0 when it is not known
 * @param reads done there
 */
public record ReplicaStatistics(
        String server,
        ReplicaState state,
        boolean serving,
        Duration age,
        long bytesBehind,
        long reads,
        PoolStatistics pool) {}
