package dev.modunest.server.transparency;

import dev.modunest.db.Database;
import dev.modunest.db.trust.LogShard;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Up to where everybody may see the log, as this server knows it. Thread-safe. */
public final class LogHead {

    private final Database database;
    private final String shard;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Published published = new Published(0, Optional.empty());

    /** Leaves that everybody may see, and the checkpoint over them. */
    public record Published(long size, Optional<String> checkpoint) {}

    LogHead(Database database, String shard) {
        this.database = database;
        this.shard = shard;
    }

    public Published published() {
        return published;
    }

    /** Looks into the index: another server may have published. */
    public void refresh() {
        LogShard now = database.read(tx -> tx.log().get(shard));
        moved(new Published(now.publishedSize(), now.checkpoint()));
    }

    void moved(Published now) {
        lock.lock();
        try {
            if (now.size() >= published.size()) {
                published = now;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether everybody may see the leaf {@code index} within {@code longest}. */
    public boolean await(long index, Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (published.size() <= index) {
                if (left <= 0) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
