package dev.modunest.server.password;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes and compares password hashes, so many at once as the settings allow. Thread-safe.
 *
 * <p>A password is normalized to NFKC (NIST SP 800-63B, "Password Verifiers"), so that the same
 * keys on two machines give the same bytes, and is never cut.
 */
public final class Passwords {

    /** Most characters of a password. */
    public static final int MOST_CHARACTERS = 1024;

    private final PasswordConfig config;
    private final SecureRandom random;
    private final Semaphore permits;
    private final PasswordHash nobodys;

    public Passwords(PasswordConfig config, SecureRandom random) {
        this(config, random, new Semaphore(config.maxConcurrent(), true));
    }

    Passwords(PasswordConfig config, SecureRandom random, Semaphore permits) {
        this.config = config;
        this.random = random;
        this.permits = permits;
        this.nobodys = PasswordHash.ofNobody(random, config.cost());
    }

    /**
     * The hash to store of a password that {@link PasswordPolicy} takes.
     *
     * @throws Rejection when no turn comes in time
     */
    public PasswordHash hash(String password) {
        if (!isShort(password)) {
            throw new IllegalArgumentException(
                    "a password has at most " + MOST_CHARACTERS + " characters");
        }
        return withBytes(password, bytes -> PasswordHash.of(bytes, salt(), config.cost()));
    }

    /**
     * Whether {@code password} is that of the account with {@code hash}. Without a hash, because
     * there is no such account or it has no password, the answer is no after the same time.
     *
     * @throws Rejection when no turn comes in time
     */
    public boolean verify(String password, Optional<PasswordHash> hash) {
        if (!isShort(password)) {
            return false;
        }
        boolean equal = withBytes(password, hash.orElse(nobodys)::matches);
        return equal && hash.isPresent();
    }

    /** Whether a hash costs other than new ones do, so that it is made anew at the next sign-in. */
    public boolean needsRehash(PasswordHash hash) {
        return !hash.cost().equals(config.cost());
    }

    private <T> T withBytes(String password, Function<byte[], T> use) {
        take();
        byte[] bytes = normalized(password).getBytes(StandardCharsets.UTF_8);
        try {
            return use.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            permits.release();
        }
    }

    private void take() {
        try {
            if (permits.tryAcquire(config.maxWait().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new Rejection(
                ProblemCode.OVERLOADED,
                config.maxConcurrent()
                        + " passwords are checked at once (password.max_concurrent) and none was done within "
                        + config.maxWait().toMillis()
                        + " ms; try again later");
    }

    static String normalized(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    private static boolean isShort(String password) {
        return password.codePointCount(0, password.length()) <= MOST_CHARACTERS;
    }

    private byte[] salt() {
        byte[] salt = new byte[PasswordHash.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }
}
