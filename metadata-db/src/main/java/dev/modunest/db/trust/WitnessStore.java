package dev.modunest.db.trust;

import dev.modunest.db.trust.LogShard.TreeHead;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.Optional;

/** The largest tree of each log that this registry cosigned as a witness. */
public final class WitnessStore {

    private final Handle handle;

    public WitnessStore(Handle handle) {
        this.handle = handle;
    }

    /** The tree that was cosigned last; no other transaction sees it until this one ends. */
    public Optional<TreeHead> lock(String origin) {
        return handle.createQuery(
                        "select size, root from witnessed_logs where origin = :origin for update")
                .bind("origin", origin)
                .map((row, context) -> new TreeHead(row.getLong("size"), row.getString("root")))
                .findOne();
    }

    /** Notes the first tree of a log; false when another transaction noted one. */
    public boolean insert(String origin, TreeHead head, Instant now) {
        return handle.createUpdate(
                                """
                                insert into witnessed_logs (origin, size, root, at) values (:origin, :size, :root, :now)
                                on conflict do nothing
                                """)
                        .bind("origin", origin)
                        .bind("size", head.size())
                        .bind("root", head.root())
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Notes the next tree of a log that is locked. */
    public void update(String origin, TreeHead head, Instant now) {
        handle.createUpdate(
                        "update witnessed_logs set size = :size, root = :root, at = :now where origin = :origin")
                .bind("origin", origin)
                .bind("size", head.size())
                .bind("root", head.root())
                .bind("now", now)
                .execute();
    }
}
