package dev.modunest.edge.cache;

/**
 * How recent a document is.
 *
 * @param epoch in which its fetch began; {@link Purges} has a new one after every reset
 * @param serial of the registry that the document shows at least
 * @param purge number of the last purge by name before its fetch began
 */
public record Stamp(DocumentScope scope, long epoch, long serial, long purge) {

    /** The same fetch, of which the origin tells {@code shown}. */
    public Stamp showing(long shown) {
        return new Stamp(scope, epoch, shown, purge);
    }
}
