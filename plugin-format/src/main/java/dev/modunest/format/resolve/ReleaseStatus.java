package dev.modunest.format.resolve;

import dev.modunest.format.PluginId;

import java.util.Locale;
import java.util.Optional;

/**
 * What became of a release since it was published.
 *
 * @param reason why it is no longer live; empty when it is
 * @param deprecation present when its publisher advises against it, whatever the state
 */
public record ReleaseStatus(
        State state, Optional<String> reason, Optional<Deprecation> deprecation) {

    public static final ReleaseStatus LIVE =
            new ReleaseStatus(State.LIVE, Optional.empty(), Optional.empty());

    /** From the best to the worst. */
    public enum State {
        /** Resolved and served. */
        LIVE,
        /** Hidden from new resolution, still served. */
        YANKED,
        /** Neither resolved nor served, by decision of an administrator. */
        QUARANTINED,
        /** Neither resolved nor served; its version is never used again. */
        DELETED;

        /** As JSON has it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Advice against a release.
     *
     * @param replacement what to use instead
     */
    public record Deprecation(String reason, Optional<PluginId> replacement) {}

    public ReleaseStatus {
        if ((state == State.LIVE) == reason.isPresent()) {
            throw new IllegalArgumentException(
                    "a release that is "
                            + state
                            + (reason.isPresent() ? " has no" : " has a")
                            + " reason");
        }
    }

    /** The state as JSON has it. */
    String word() {
        return state.word();
    }

    public static ReleaseStatus of(State state, String reason) {
        return new ReleaseStatus(state, Optional.of(reason), Optional.empty());
    }
}
