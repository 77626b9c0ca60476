package dev.modunest.loader;

import dev.modunest.format.PluginId;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@link PluginAuthService} is opened with; {@code docs/loader/authentication.md} has the
 * table.
 *
 * @param issuers whose tokens are accepted, each {@code iss} once
 * @param directory where key sets are kept for the time that an issuer is away
 * @param leeway how far the clocks of host and issuer may differ, at most 5 minutes
 * @param keys how long key sets are used
 * @param maxTokens most verified tokens that are remembered
 * @param maxStates most authentication states at a time
 * @param statePolicy which plugins may see states, besides permission and sharing
 */
public record AuthOptions(
        List<TrustedIssuer> issuers,
        Path directory,
        Duration leeway,
        KeyOptions keys,
        int maxTokens,
        int maxStates,
        StatePolicy statePolicy,
        InstantSource clock) {

    private static final Duration MAX_LEEWAY = Duration.ofMinutes(5);
    private static final int MAX_COUNT = 1_000_000;

    /**
     * How long key sets are used.
     *
     * @param fresh a key set is asked for again before it is this old
     * @param grace how much longer it is used while the issuer does not answer
     * @param pause least time between two requests that tokens with unknown keys cause
     */
    public record KeyOptions(Duration fresh, Duration grace, Duration pause) {
        public KeyOptions {
            if (!fresh.isPositive() || grace.isNegative() || !pause.isPositive()) {
                throw new IllegalArgumentException(
                        "keys are used for a positive time and asked for with pauses between");
            }
        }
    }

    /** The host's word on who sees authentication states. What it throws is a no. */
    @FunctionalInterface
    public interface StatePolicy {
        boolean maySee(PluginId plugin, UserIdentity user);
    }

    public AuthOptions {
        issuers = List.copyOf(issuers);
        Set<String> names = new HashSet<>();
        for (TrustedIssuer issuer : issuers) {
            if (!names.add(issuer.issuer())) {
                throw new IllegalArgumentException(
                        "'" + issuer.issuer() + "' is trusted twice: name each issuer once");
            }
        }
        if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
            throw new IllegalArgumentException(
                    "leeway is " + leeway + ": it must be 0 to 5 minutes");
        }
        requireCount("maxTokens", maxTokens);
        requireCount("maxStates", maxStates);
    }

    /** Options with every default; key sets are kept in {@code directory}. */
    public static AuthOptionsBuilder in(Path directory) {
        return new AuthOptionsBuilder(directory);
    }

    private static void requireCount(String what, int value) {
        if (value < 2 || value > MAX_COUNT) {
            throw new IllegalArgumentException(
                    what + " is " + value + ": it must be 2 to " + MAX_COUNT);
        }
    }
}
