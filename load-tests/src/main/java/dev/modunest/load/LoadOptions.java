package dev.modunest.load;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * What a run does, from system properties.
 *
 * @param edge {@code edge}: the base of the URLs
 * @param rate {@code rate}: requests a second
 * @param duration {@code duration}: in whole seconds
 * @param maxSize {@code max-size}: larger artifacts are left out, in bytes
 * @param maxPlugins {@code max-plugins}: plugins looked up at most
 * @param seed {@code seed} of the choice of artifacts
 * @param zipf {@code zipf}: exponent of the popularity, 0 for all the same
 * @param shares what the requests are
 */
record LoadOptions(
        URI edge,
        int rate,
        Duration duration,
        int maxSize,
        int maxPlugins,
        long seed,
        double zipf,
        Shares shares) {

    /**
     * Percents of the requests; the rest are plain downloads.
     *
     * @param hashed {@code hash-percent}: downloads whose SHA-256 is computed
     * @param ranges {@code range-percent}: for a part, by {@code Range}
     * @param revalidations {@code revalidate-percent}: by {@code If-None-Match}
     */
    record Shares(int hashed, int ranges, int revalidations) {

        Shares {
            if (hashed + ranges + revalidations > 100) {
                throw new LoadTestException(
                        "hash-percent, range-percent and revalidate-percent are "
                                + (hashed + ranges + revalidations)
                                + " together, at most 100");
            }
        }
    }

    /** Reads {@code properties}, each absent one by its default. */
    static LoadOptions read(Function<String, @Nullable String> property) {
        Reader reader = new Reader(property);
        return new LoadOptions(
                edge(reader.text("edge", "http://127.0.0.1:8081"), reader.flag("allow-remote")),
                (int) reader.number("rate", 100, 1, 20_000),
                Duration.ofSeconds(reader.number("duration", 60, 1, 86_400)),
                (int) reader.number("max-size", 64 << 20, 1, 1 << 30),
                (int) reader.number("max-plugins", 1000, 1, 10_000),
                reader.number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                reader.fraction("zipf", 1.0, 0, 5),
                new Shares(
                        (int) reader.number("hash-percent", 10, 0, 100),
                        (int) reader.number("range-percent", 5, 0, 100),
                        (int) reader.number("revalidate-percent", 5, 0, 100)));
    }

    private static URI edge(String text, boolean remoteAllowed) {
        URI edge = parse(text);
        if (!remoteAllowed && !isLoopback(edge.getHost())) {
            throw new LoadTestException(
                    "-Dedge="
                            + text
                            + " is not this machine: load goes to 127.0.0.1 or [::1] alone, or to"
                            + " a host of yours with -Dallow-remote=true");
        }
        return edge;
    }

    private static URI parse(String text) {
        String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI uri = URI.create(base);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawPath().isEmpty()) {
                return uri;
            }
        } catch (IllegalArgumentException wrong) {
            throw notAnEdge(text);
        }
        throw notAnEdge(text);
    }

    private static LoadTestException notAnEdge(String text) {
        return new LoadTestException(
                "-Dedge=" + text + " is not the URL of an edge such as http://127.0.0.1:8081");
    }

    private static boolean isLoopback(String host) {
        return host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("localhost");
    }

    private record Reader(Function<String, @Nullable String> property) {

        String text(String name, String absent) {
            String value = property.apply(name);
            return value == null ? absent : value;
        }

        boolean flag(String name) {
            String value = text(name, "false");
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw wrong(name, value, "true or false");
            };
        }

        long number(String name, long absent, long least, long most) {
            String value = text(name, Long.toString(absent));
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                throw wrong(name, value, "a whole number from " + least + " to " + most);
            }
            throw wrong(name, value, "a whole number from " + least + " to " + most);
        }

        double fraction(String name, double absent, double least, double most) {
            String value = text(name, Double.toString(absent));
            try {
                double number = Double.parseDouble(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                throw wrong(name, value, "a number from " + least + " to " + most);
            }
            throw wrong(name, value, "a number from " + least + " to " + most);
        }

        private static LoadTestException wrong(String name, String value, String expected) {
            return new LoadTestException("-D" + name + "=" + value + " is not " + expected);
        }
    }
}
