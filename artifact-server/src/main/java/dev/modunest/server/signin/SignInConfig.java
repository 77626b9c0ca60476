package dev.modunest.server.signin;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How people sign in.
 *
 * @param session how long a browser stays signed in
 * @param register whether who signs in at a provider for the first time gets an account
 * @param atProvider longest time that a sign-in at a provider may take
 * @param deviceCode how long a device waits for its person
 * @param pollInterval shortest time between two questions of a device
 */
public record SignInConfig(
        @Default("12h") Duration session,
        @Default("true") boolean register,
        @Default("10m") Duration atProvider,
        @Default("15m") Duration deviceCode,
        @Default("5s") Duration pollInterval) {

    public SignInConfig {
        requireBetween("session", session, Duration.ofMinutes(5), Duration.ofDays(30));
        requireBetween("at_provider", atProvider, Duration.ofMinutes(1), Duration.ofHours(1));
        requireBetween("device_code", deviceCode, Duration.ofMinutes(1), Duration.ofHours(1));
        requireBetween("poll_interval", pollInterval, Duration.ofSeconds(1), Duration.ofMinutes(1));
    }

    private static void requireBetween(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key + " is " + least + " to " + most + ", not " + value);
        }
    }
}
