package dev.modunest.edge;

import dev.modunest.edge.origin.CdnLoop;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** What an edge calls itself when nobody has named it. */
final class EdgeName {

    private EdgeName() {}

    /** Two edges of one machine are two by their ports; free ports are not known beforehand. */
    static CdnLoop of(EdgeConfig config) {
        if (config.cdnId().isPresent()) {
            return new CdnLoop(config.cdnId().get());
        }
        int port = config.listen().port();
        String suffix =
                port == 0
                        ? "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                        : ":" + port;
        try {
            return CdnLoop.ofHost(InetAddress.getLocalHost().getHostName(), suffix);
        } catch (UnknownHostException nameless) {
            throw new IllegalArgumentException(
                    "this machine has no name that resolves: set cdn_id", nameless);
        }
    }
}
