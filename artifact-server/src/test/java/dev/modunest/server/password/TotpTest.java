package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;

class TotpTest {

    private static final TotpSecret SECRET =
            TotpSecret.of("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    private final Totp totp = new Totp();

    /** RFC 6238, appendix B, of which the last six digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void givesTheCodesOfTheStandard(long seconds, String code) {
        Instant now = Instant.ofEpochSecond(seconds);

        assertThat(totp.code(SECRET, now)).isEqualTo(code);
        assertThat(totp.match(SECRET, code, now)).hasValue(seconds / 30);
    }

    @Test
    void takesTheCodesOfOneStepBeforeAndAfterAndTellsWhich() {
        Instant now = Instant.ofEpochSecond(1_111_111_111);
        long step = 1_111_111_111 / 30;

        assertThat(totp.match(SECRET, totp.code(SECRET, now.minusSeconds(30)), now))
                .hasValue(step - 1);
        assertThat(totp.match(SECRET, totp.code(SECRET, now.plusSeconds(30)), now))
                .hasValue(step + 1);
        assertThat(totp.match(SECRET, totp.code(SECRET, now.minusSeconds(60)), now)).isEmpty();
        assertThat(totp.match(SECRET, totp.code(SECRET, now.plusSeconds(60)), now)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "05047", "0504710", "05047a", "٠٥٠٤٧١", "-50471"})
    void takesSixDigitsAlone(String code) {
        assertThat(totp.match(SECRET, code, Instant.ofEpochSecond(1_111_111_111))).isEmpty();
    }

    @Property
    void aCodeIsOfItsOwnStepOrOfANeighbour(
            @ForAll @LongRange(min = 60, max = 20_000_000_000L) long seconds) {
        Instant now = Instant.ofEpochSecond(seconds);

        assertThat(totp.match(SECRET, totp.code(SECRET, now), now).orElseThrow())
                .isBetween(seconds / 30 - 1, seconds / 30 + 1);
    }

    @Test
    void theUriIsWhatAppsRead() {
        assertThat(Totp.uri("Modu-Nest of Acme", "ada", SECRET))
                .isEqualTo(
                        "otpauth://totp/Modu-Nest%20of%20Acme:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                                + "&issuer=Modu-Nest%20of%20Acme&algorithm=SHA1&digits=6&period=30");
    }

    @Test
    void secretsAreLongReadableAndHidden() {
        TotpSecret secret = TotpSecret.create(new SecureRandom());

        assertThat(secret.bytes()).hasSize(20);
        assertThat(TotpSecret.parse(secret.base32()).bytes()).isEqualTo(secret.bytes());
        assertThat(secret).hasToString("TotpSecret[****]");
        assertThatThrownBy(() -> TotpSecret.parse("MZXW6YTBOI"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
