package dev.modunest.server.password;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which new passwords are taken (NIST SP 800-63B, "Password Verifiers"): any characters, long
 * enough, not the account's name, not among the most common; no rules of composition.
 */
public final class PasswordPolicy {

    private static final int LEAST_NAME_CHARACTERS = 4;
    private static final int MOST_REPEATED_CHARACTERS = 4;
    private static final Set<String> COMMON = common();

    private final int minLength;

    public PasswordPolicy(PasswordConfig config) {
        this.minLength = config.minLength();
    }

    /** Why a password is not taken. */
    public enum Weakness {
        TOO_SHORT,
        TOO_LONG,
        HAS_ACCOUNT_NAME,
        COMMON
    }

    /** The first weakness of a new password for the account of that name; empty: it is taken. */
    public Optional<Weakness> weakness(String password, String account) {
        int characters = password.codePointCount(0, password.length());
        if (characters > Passwords.MOST_CHARACTERS) {
            return Optional.of(Weakness.TOO_LONG);
        }
        String normalized = Passwords.normalized(password);
        if (normalized.codePointCount(0, normalized.length()) < minLength) {
            return Optional.of(Weakness.TOO_SHORT);
        }
        String folded = normalized.toLowerCase(Locale.ROOT);
        if (hasName(folded, account.toLowerCase(Locale.ROOT))) {
            return Optional.of(Weakness.HAS_ACCOUNT_NAME);
        }
        return isCommon(folded) ? Optional.of(Weakness.COMMON) : Optional.empty();
    }

    /** A sentence for the person who chose the password; does not hold it. */
    public String explain(Weakness weakness) {
        return switch (weakness) {
            case TOO_SHORT ->
                    "The password has fewer than "
                            + minLength
                            + " characters; take a longer one, such as a few words";
            case TOO_LONG ->
                    "The password has more than "
                            + Passwords.MOST_CHARACTERS
                            + " characters; take a shorter one";
            case HAS_ACCOUNT_NAME ->
                    "The password contains the account's name, which is tried first; take another";
            case COMMON ->
                    "The password is one of those that are tried first; take another, such as a few unrelated words";
        };
    }

    /** A very short name is in many a good password by chance. */
    private static boolean hasName(String password, String name) {
        return name.length() >= LEAST_NAME_CHARACTERS && password.contains(name);
    }

    /** In the list, or one of the list, or up to four characters, over and over. */
    private static boolean isCommon(String password) {
        for (int length = 1; length <= password.length() / 2; length++) {
            String unit = password.substring(0, length);
            if (password.length() % length == 0
                    && unit.repeat(password.length() / length).equals(password)
                    && (length <= MOST_REPEATED_CHARACTERS || COMMON.contains(unit))) {
                return true;
            }
        }
        return COMMON.contains(password);
    }

    private static Set<String> common() {
        try (InputStream in =
                Objects.requireNonNull(
                        PasswordPolicy.class.getResourceAsStream("common-passwords.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "the list of common passwords in the jar cannot be read", broken);
        }
    }
}
