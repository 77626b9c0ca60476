package dev.modunest.server.download;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;
import java.util.Optional;

/**
 * Counting of downloads.
 *
 * @param flush after which counts are in the index: what a crash loses at most
 * @param maxDistinct artifacts counted in one period
 * @param token what edges report their counts with; none: they may not
 * @param maxBody of a report
 */
public record DownloadsConfig(
        @Default("10s") Duration flush,
        @Default("100000") int maxDistinct,
        Optional<Secret> token,
        @Default("4MiB") ByteSize maxBody) {

    public DownloadsConfig {
        if (flush.toMillis() < 10) {
            throw new IllegalArgumentException("flush is at least 10ms");
        }
        if (maxDistinct < 1) {
            throw new IllegalArgumentException("max_distinct is at least 1");
        }
        if (token.filter(secret -> secret.value().length() < 16).isPresent()) {
            throw new IllegalArgumentException("token has at least 16 characters");
        }
        if (maxBody.bytes() < 1 << 10 || maxBody.bytes() > 64 << 20) {
            throw new IllegalArgumentException("max_body is 1KiB to 64MiB, not " + maxBody);
        }
    }
}
