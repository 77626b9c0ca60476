package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPositionTest {

    @ParameterizedTest
    @ValueSource(strings = {"0/0", "0/3000148", "16/B374D848", "FFFFFFFF/FFFFFFFF"})
    void writesWhatItReads(String text) {
        assertThat(LogPosition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "1/", "/1", "0/100000000", "100000000/0", "x/1", "-1/2", "1"})
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogPosition.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void ordersWithoutSign() {
        LogPosition low = LogPosition.parse("7FFFFFFF/FFFFFFFF");
        LogPosition high = LogPosition.parse("80000000/1");
        assertThat(low).isLessThan(high);
        assertThat(low.isBefore(high)).isTrue();
        assertThat(low.isBefore(low)).isFalse();
        assertThat(high.bytesSince(low)).isEqualTo(2);
        assertThat(low.bytesSince(high)).isZero();
    }
}
