package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.ByteSize;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

class PasswordsTest {

    private static final LockOutConfig LOCK_OUT =
            new LockOutConfig(5, Duration.ofSeconds(1), Duration.ofMinutes(15));

    private final PasswordConfig config = config(8, Duration.ofMillis(1));
    private final Passwords passwords = new Passwords(config, new SecureRandom());

    private static PasswordConfig config(long mebibytes, Duration maxWait) {
        return new PasswordConfig(ByteSize.ofMebibytes(mebibytes), 1, 1, 2, maxWait, 12, LOCK_OUT);
    }

    @Test
    void takesTheRightPasswordAlone() {
        PasswordHash hash = passwords.hash("correct horse battery");

        assertThat(hash.text()).startsWith("$argon2id$v=19$m=8192,t=1,p=1$");
        assertThat(passwords.verify("correct horse battery", Optional.of(hash))).isTrue();
        assertThat(passwords.verify("correct horse batterz", Optional.of(hash))).isFalse();
        assertThat(passwords.verify("", Optional.of(hash))).isFalse();
    }

    @Test
    void saltsEachHash() {
        assertThat(passwords.hash("correct horse battery"))
                .isNotEqualTo(passwords.hash("correct horse battery"));
    }

    @Test
    void nobodyHasAPassword() {
        assertThat(passwords.verify("correct horse battery", Optional.empty())).isFalse();
    }

    @Test
    void nobodysPasswordTakesATurnLikeAnyOther() {
        Passwords busy = new Passwords(config, new SecureRandom(), new Semaphore(0));

        assertThatThrownBy(() -> busy.verify("correct horse battery", Optional.empty()))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        busyNow -> assertThat(busyNow.code()).isEqualTo(ProblemCode.OVERLOADED))
                .hasMessageContaining("2 passwords are checked at once");
    }

    @Test
    void givesUpWhenInterruptedAndKeepsThat() {
        Passwords busy =
                new Passwords(
                        config(8, Duration.ofMinutes(1)), new SecureRandom(), new Semaphore(0));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> busy.hash("correct horse battery")).isInstanceOf(Rejection.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void turnsAreGivenBack() {
        Semaphore one = new Semaphore(1);
        Passwords single = new Passwords(config, new SecureRandom(), one);
        single.verify("a", Optional.of(single.hash("b")));

        assertThat(one.availablePermits()).isEqualTo(1);
    }

    @Test
    void oneTextInTwoEncodingsIsOnePassword() {
        PasswordHash hash = passwords.hash("Größe unbekannt ﬁn");

        assertThat(passwords.verify("Gro\u0308ße unbekannt fin", Optional.of(hash))).isTrue();
    }

    @Test
    void longPasswordsCountWholeAndTooLongOnesNot() {
        String longest = "x".repeat(Passwords.MOST_CHARACTERS);
        PasswordHash hash = passwords.hash(longest);

        assertThat(passwords.verify(longest, Optional.of(hash))).isTrue();
        assertThat(passwords.verify(longest.substring(1), Optional.of(hash))).isFalse();
        assertThat(passwords.verify(longest + "x", Optional.of(hash))).isFalse();
        assertThatThrownBy(() -> passwords.hash(longest + "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashesOfAnotherCostAreMadeAnew() {
        PasswordHash hash = passwords.hash("correct horse battery");

        assertThat(passwords.needsRehash(hash)).isFalse();
        assertThat(new Passwords(config(9, Duration.ZERO), new SecureRandom()).needsRehash(hash))
                .isTrue();
    }
}
