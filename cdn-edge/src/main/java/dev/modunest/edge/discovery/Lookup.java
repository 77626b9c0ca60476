package dev.modunest.edge.discovery;

import dev.modunest.edge.origin.OriginAddress;

import java.io.IOException;
import java.util.List;

/** Asks a directory for the servers of the origin. Used by one thread. */
interface Lookup extends AutoCloseable {

    /** Names the directory in metrics and logs. */
    String source();

    /** The servers that there are now. Blocks, within its timeout. */
    List<OriginAddress> find() throws IOException, InterruptedException;

    @Override
    void close();
}
