package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class PasswordHashTest {

    private static final byte[] PASSWORD = "password".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SALT = "somesalt".getBytes(StandardCharsets.US_ASCII);

    /** From the tests of the reference implementation, phc-winner-argon2. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
            })
    void givesTheHashesOfTheReferenceImplementation(String text) {
        PasswordHash hash = PasswordHash.parse(text);

        assertThat(hash.matches(PASSWORD)).isTrue();
        assertThat(hash.matches("passwore".getBytes(StandardCharsets.US_ASCII))).isFalse();
        assertThat(PasswordHash.of(PASSWORD, SALT, hash.cost()).text()).isEqualTo(text);
    }

    @Property(tries = 100)
    void readsWhatItWrote(
            @ForAll @Size(max = 64) byte[] password,
            @ForAll @Size(min = 8, max = 32) byte[] salt,
            @ForAll @IntRange(min = 1, max = 3) int iterations,
            @ForAll @IntRange(min = 1, max = 2) int parallelism) {
        PasswordHash hash =
                PasswordHash.of(password, salt, new PasswordHash.Cost(32, iterations, parallelism));

        PasswordHash read = PasswordHash.parse(hash.text());
        assertThat(read).isEqualTo(hash).hasSameHashCodeAs(hash);
        assertThat(read.text()).isEqualTo(hash.text());
        assertThat(read.matches(password)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$2b$12$abcdefghijklmnopqrstuv",
                "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=4,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n"
            })
    void refusesWhatIsNoneOrCostsTooMuch(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("nf65");
    }

    @Test
    void neverShowsItself() {
        PasswordHash hash = PasswordHash.of(PASSWORD, SALT, new PasswordHash.Cost(32, 1, 1));

        assertThat(hash).hasToString("$argon2id$****");
        assertThat(hash.equals((Object) "no hash")).isFalse();
    }
}
