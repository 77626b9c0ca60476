package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a connection to an origin is kept that tells for how long. */
final class ResponseBoundaryTest {

    @ParameterizedTest
    @CsvSource({
        "timeout=5, timeout=3",
        "'timeout=60, max=100', timeout=58",
        "timeout=2, timeout=1",
        "timeout=1, timeout=1",
        "timeout=0, timeout=0",
        "max=7, max=7"
    })
    void isShorterThanTheOriginTells(String told, String kept) {
        HttpHeaders fields = new DefaultHttpHeaders().set("Keep-Alive", told);
        ResponseBoundary.leaveSooner(fields);
        assertThat(fields.get("Keep-Alive")).isEqualTo(kept);
    }

    @Test
    void isNotTouchedWhereNothingIsTold() {
        HttpHeaders fields = new DefaultHttpHeaders();
        ResponseBoundary.leaveSooner(fields);
        assertThat(fields.contains("Keep-Alive")).isFalse();
    }
}
