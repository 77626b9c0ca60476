package dev.modunest.server.doctor;

import dev.modunest.db.Database;
import dev.modunest.db.IndexedBytes;
import dev.modunest.format.Digest;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Every release in the order of its digest, read page by page. Not thread-safe. */
final class Releases {

    private static final int PAGE = 1_000;

    private final Database database;
    private Iterator<IndexedBytes> page = List.<IndexedBytes>of().iterator();
    private Optional<Digest> last = Optional.empty();
    private Optional<IndexedBytes> next = Optional.empty();
    private boolean ended;

    Releases(Database database) {
        this.database = database;
    }

    /** The next release, which stays the next; empty at the end. */
    Optional<IndexedBytes> peek() {
        if (next.isEmpty() && !ended) {
            advance();
        }
        return next;
    }

    IndexedBytes take() {
        IndexedBytes taken = peek().orElseThrow(NoSuchElementException::new);
        next = Optional.empty();
        return taken;
    }

    private void advance() {
        if (!page.hasNext()) {
            List<IndexedBytes> read = database.read(tx -> tx.inventory().page(last, PAGE));
            ended = read.isEmpty();
            page = read.iterator();
        }
        if (page.hasNext()) {
            IndexedBytes release = page.next();
            last = Optional.of(release.digest());
            next = Optional.of(release);
        }
    }
}
