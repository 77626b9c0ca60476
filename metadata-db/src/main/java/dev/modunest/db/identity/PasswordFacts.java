package dev.modunest.db.identity;

import java.time.Instant;
import java.util.Optional;

/**
 * How an account signs in here.
 *
 * @param password a hash in PHC form
 * @param totpSealed the sealed secret of one-time passwords
 * @param totpConfirmed whether a code of it was shown, so that it is asked for
 * @param failed wrong passwords and codes in a row
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record PasswordFacts(
        long accountId,
        String account,
        boolean disabled,
        Optional<String> password,
        Optional<byte[]> totpSealed,
        boolean totpConfirmed,
        int failed,
        Optional<Instant> lastFailedAt) {}
