package dev.modunest.server.freshness;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.settings.ByteSize;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class FreshnessConfigTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.009S,1,PT1H,interval",
        "PT2M,1,PT1H,interval",
        "PT1S,0,PT1H,batch",
        "PT1S,10001,PT1H,batch",
        "PT1S,1,PT59S,keep",
        "PT1S,1,P31D,keep"
    })
    void refusesWhatIsOutOfBounds(Duration interval, int batch, Duration keep, String word) {
        ByteSize memory = new ByteSize(1);
        assertThatThrownBy(() -> new FreshnessConfig(interval, batch, keep, memory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(word);
    }
}
