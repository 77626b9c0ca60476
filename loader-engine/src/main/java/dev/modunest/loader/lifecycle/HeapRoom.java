package dev.modunest.loader.lifecycle;

import dev.modunest.loader.Outcome.Stage;

import java.util.function.LongSupplier;

/**
 * Admits an artifact when the heap has room for it: its bytes are kept for its classes, and about
 * as many again are needed to inspect it. Of the heap a twentieth stays free for the rest of the
 * host.
 */
final class HeapRoom {

    private static final int KEPT_PART = 20;
    private static final int COPIES = 2;

    private final long maxBytes;
    private final LongSupplier usedBytes;
    private final Runnable collector;

    HeapRoom(long maxBytes, LongSupplier usedBytes, Runnable collector) {
        this.maxBytes = maxBytes;
        this.usedBytes = usedBytes;
        this.collector = collector;
    }

    static HeapRoom ofThisJvm() {
        Runtime jvm = Runtime.getRuntime();
        return new HeapRoom(
                jvm.maxMemory(), () -> jvm.totalMemory() - jvm.freeMemory(), System::gc);
    }

    /**
     * @throws StageException {@code heap-exhausted} when a collection has not made room either
     */
    void require(long bytes) throws StageException {
        if (!hasRoom(bytes)) {
            collector.run(); // what is used counts garbage, too
            if (!hasRoom(bytes)) {
                throw new StageException(
                        Stage.VERIFY,
                        "heap-exhausted",
                        "it has "
                                + bytes
                                + " bytes, and of the heap of "
                                + maxBytes
                                + " bytes "
                                + usedBytes.getAsLong()
                                + " are used: give the host more (-Xmx) or load fewer plugins");
            }
        }
    }

    private boolean hasRoom(long bytes) {
        return usedBytes.getAsLong() + COPIES * bytes <= maxBytes - maxBytes / KEPT_PART;
    }
}
