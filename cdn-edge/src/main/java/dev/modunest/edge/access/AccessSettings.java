package dev.modunest.edge.access;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeping private artifacts.
 *
 * @param token the origin's {@code private_artifacts.edge_token}; none: none are kept here
 * @param keysRefresh how often the origin is asked for the keys of signed URLs
 * @param keysKeep how long keys are used that the origin could not be asked for again
 * @param keysRetry shortest time between two looks for a key that is not known
 * @param maxVerified signed URLs that are known to be good
 */
public record AccessSettings(
        Optional<Secret> token,
        @Default("5m") Duration keysRefresh,
        @Default("1d") Duration keysKeep,
        @Default("10s") Duration keysRetry,
        @Default("10000") int maxVerified) {

    private static final int MIN_TOKEN = 16;

    public AccessSettings {
        if (token.filter(secret -> secret.value().length() < MIN_TOKEN).isPresent()) {
            throw new IllegalArgumentException(
                    "token is shorter than " + MIN_TOKEN + " characters: it is none of the origin");
        }
        if (keysRetry.toMillis() < 1 || keysRetry.compareTo(keysRefresh) > 0) {
            throw new IllegalArgumentException("keys_retry is at least 1ms, at most keys_refresh");
        }
        if (keysKeep.compareTo(keysRefresh) < 0 || keysKeep.toDays() > 30) {
            throw new IllegalArgumentException("keys_keep is at least keys_refresh, at most 30d");
        }
        if (maxVerified < 1) {
            throw new IllegalArgumentException("max_verified is above zero");
        }
    }
}
