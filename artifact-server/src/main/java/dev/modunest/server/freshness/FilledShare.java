package dev.modunest.server.freshness;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the look at all plugins has come, by the hash that it reached: hashes are spread
 * evenly. Not thread-safe.
 */
final class FilledShare {

    private static final Logger LOG = LoggerFactory.getLogger(FilledShare.class);
    private static final int TENTHS = 10;
    private static final int DIGITS = 4;

    private long plugins;
    private int told;

    /**
     * @param hash hex
     * @param over whether that was all
     */
    void reached(int more, String hash, boolean over) {
        plugins += more;
        if (over) {
            LOG.info("freshness tells of all {} plugins that were looked at", plugins);
            plugins = 0;
            told = 0;
            return;
        }
        int tenths = (Integer.parseInt(hash, 0, DIGITS, 16) * TENTHS) >> (4 * DIGITS);
        if (tenths > told) {
            told = tenths;
            LOG.info("freshness tells of {} plugins, about {}0 % of all", plugins, tenths);
        }
    }
}
