package dev.modunest.loader;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Builds {@link AuthOptions}; what is not set has its default. Not thread-safe. */
public final class AuthOptionsBuilder {

    private final Path directory;
    private final List<TrustedIssuer> issuers = new ArrayList<>();
    private Duration leeway = Duration.ofSeconds(60);
    private Duration keysFresh = Duration.ofMinutes(10);
    private Duration keysGrace = Duration.ofHours(24);
    private Duration keysPause = Duration.ofSeconds(30);
    private int maxTokens = 10_000;
    private int maxStates = 10_000;
    private AuthOptions.StatePolicy statePolicy = (_, _) -> true;
    private InstantSource clock = InstantSource.system();

    AuthOptionsBuilder(Path directory) {
        this.directory = directory;
    }

    public AuthOptionsBuilder trust(TrustedIssuer issuer) {
        issuers.add(issuer);
        return this;
    }

    public AuthOptionsBuilder leeway(Duration value) {
        leeway = value;
        return this;
    }

    public AuthOptionsBuilder keysFresh(Duration value) {
        keysFresh = value;
        return this;
    }

    public AuthOptionsBuilder keysGrace(Duration value) {
        keysGrace = value;
        return this;
    }

    public AuthOptionsBuilder keysPause(Duration value) {
        keysPause = value;
        return this;
    }

    public AuthOptionsBuilder maxTokens(int value) {
        maxTokens = value;
        return this;
    }

    public AuthOptionsBuilder maxStates(int value) {
        maxStates = value;
        return this;
    }

    public AuthOptionsBuilder statePolicy(AuthOptions.StatePolicy value) {
        statePolicy = value;
        return this;
    }

    public AuthOptionsBuilder clock(InstantSource value) {
        clock = value;
        return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option that is out of bounds
     */
    public AuthOptions build() {
        return new AuthOptions(
                issuers,
                directory,
                leeway,
                new AuthOptions.KeyOptions(keysFresh, keysGrace, keysPause),
                maxTokens,
                maxStates,
                statePolicy,
                clock);
    }
}
