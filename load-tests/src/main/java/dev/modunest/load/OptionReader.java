package dev.modunest.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Reads options from system properties, each absent one by its default. What is wrong is a {@link
 * LoadTestException} that says what may be.
 */
record OptionReader(Function<String, @Nullable String> property) {

    private static final int MAX_TARGET_MILLIS = 3_600_000;
    private static final int RADIX = 36;

    static OptionReader ofSystem() {
        return new OptionReader(System::getProperty);
    }

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

    int integer(String name, int absent, int least, int most) {
        return Math.toIntExact(number(name, absent, least, most));
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

    Duration seconds(String name, int absent) {
        return Duration.ofSeconds(integer(name, absent, 1, 86_400));
    }

    long seed() {
        return number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** {@code <prefix>p50}, {@code p95}, {@code p99} and {@code max}: most milliseconds. */
    Targets targets(String prefix) {
        return new Targets(
                target(prefix + "p50"),
                target(prefix + "p95"),
                target(prefix + "p99"),
                target(prefix + "max"));
    }

    private OptionalInt target(String name) {
        return property.apply(name) == null
                ? OptionalInt.empty()
                : OptionalInt.of(integer(name, 0, 0, MAX_TARGET_MILLIS));
    }

    /** A base URL on this machine, or anywhere with {@code allow-remote}. */
    URI url(String name, String absent) {
        String text = text(name, absent);
        URI url = parse(name, text);
        if (!flag("allow-remote") && !isLoopback(url.getHost())) {
            throw new LoadTestException(
                    "-D"
                            + name
                            + "="
                            + text
                            + " is not this machine: load goes to 127.0.0.1 or [::1] alone, or to"
                            + " a host of yours with -Dallow-remote=true");
        }
        return url;
    }

    private static URI parse(String name, String text) {
        String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI uri = URI.create(base);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawPath().isEmpty()) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw notAUrl(name, text);
        }
        throw notAUrl(name, text);
    }

    private static LoadTestException notAUrl(String name, String text) {
        return wrong(name, text, "a URL such as http://127.0.0.1:8080");
    }

    private static boolean isLoopback(String host) {
        return host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("localhost");
    }

    /** {@code run}: part of the names of what a run makes, else from the clock. */
    String run(InstantSource clock) {
        String run = text("run", Long.toString(clock.millis(), RADIX));
        if (!run.matches("[a-z0-9]{1,20}")) {
            throw wrong("run", run, "1 to 20 characters of a-z and 0-9");
        }
        return run;
    }

    /** As {@link #tokens} when a file is named, else none. */
    List<String> namedTokens() {
        return property.apply("token-file") == null ? List.of() : tokens();
    }

    /** {@code token-file}: the tokens of accounts, one a line. */
    List<String> tokens() {
        Path file =
                Path.of(
                        text(
                                "token-file",
                                System.getProperty("user.home") + "/.modunest/admin.token"));
        List<String> tokens;
        try {
            tokens = Files.readAllLines(file).stream().map(String::strip).toList();
        } catch (IOException unreadable) {
            throw new LoadTestException(
                    "the token file "
                            + file
                            + " cannot be read; ./modunest up keeps the administrator's in its data"
                            + " directory, name it with -Dtoken-file=FILE");
        }
        tokens = tokens.stream().filter(line -> !line.isEmpty()).toList();
        if (tokens.isEmpty() || !tokens.stream().allMatch(line -> line.matches("[!-~]+"))) {
            throw new LoadTestException(
                    "the token file " + file + " has to have one token a line, and at least one");
        }
        return tokens;
    }

    private static LoadTestException wrong(String name, String value, String expected) {
        return new LoadTestException("-D" + name + "=" + value + " is not " + expected);
    }
}
