package dev.modunest.edge.origin;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The server with the highest hash of itself and the key (Thaler and Ravishankar, "Using Name-Based
 * Mappings to Increase Hit Rates", 1998) among those that have at most a quarter more to do than
 * the mean (Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018). A
 * server that leaves moves its own keys alone.
 */
final class ConsistentHash implements Chooser {

    private static final double BOUND = 1.25;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    @Override
    public <C extends Candidate> C choose(List<C> able, String key) {
        long load = 1;
        for (C server : able) {
            load += server.load();
        }
        long bound = (long) Math.ceil(BOUND * load / able.size());
        C best = able.getFirst();
        boolean bestFits = false;
        long bestHash = 0;
        for (C server : able) {
            boolean fits = server.load() < bound;
            long hash = hash(server.id(), key);
            if ((fits && !bestFits)
                    || (fits == bestFits && Long.compareUnsigned(hash, bestHash) > 0)) {
                best = server;
                bestFits = fits;
                bestHash = hash;
            }
        }
        return best;
    }

    /** FNV-1a, then the finalizer of MurmurHash3, as FNV alone mixes its last bytes badly. */
    private static long hash(String id, String key) {
        long hash = fnv(fnv(FNV_OFFSET, id), key);
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    private static long fnv(long from, String text) {
        long hash = from;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return (hash ^ 0xff) * FNV_PRIME;
    }
}
