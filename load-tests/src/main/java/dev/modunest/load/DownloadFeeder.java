package dev.modunest.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Endless requests: artifacts by Zipf popularity, kinds by their shares. The same seed and
 * artifacts give the same requests. For one thread, as Gatling calls feeders.
 */
final class DownloadFeeder implements Iterator<Map<String, Object>> {

    /** What a request asks for. */
    enum Kind {
        PLAIN,
        HASHED,
        RANGE,
        REVALIDATION;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int PERCENT = 100;

    private final List<Artifact> byPopularity;
    private final DownloadOptions.Shares shares;
    private final Random random;
    private final Zipf zipf;

    DownloadFeeder(List<Artifact> artifacts, DownloadOptions options) {
        random = new Random(options.seed());
        byPopularity = new ArrayList<>(artifacts);
        Collections.shuffle(byPopularity, random);
        shares = options.shares();
        zipf = new Zipf(artifacts.size(), options.zipf());
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Map<String, Object> next() {
        Artifact artifact = byPopularity.get(zipf.draw(random));
        long first = random.nextLong(artifact.size());
        long last = random.nextLong(first, artifact.size());
        return Map.of(
                "kind", kind(random.nextInt(PERCENT)).key(),
                "hex", artifact.hex(),
                "size", Math.toIntExact(artifact.size()),
                "first", first,
                "last", last,
                "part", Math.toIntExact(last - first + 1));
    }

    private Kind kind(int percent) {
        int ranges = shares.hashed() + shares.ranges();
        if (percent < shares.hashed()) {
            return Kind.HASHED;
        }
        if (percent < ranges) {
            return Kind.RANGE;
        }
        return percent < ranges + shares.revalidations() ? Kind.REVALIDATION : Kind.PLAIN;
    }
}
