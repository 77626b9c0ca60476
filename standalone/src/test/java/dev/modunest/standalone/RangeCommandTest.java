package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

class RangeCommandTest {

    @Test
    void answersTrueFalseOrInvalid() {
        assertThat(RangeCommand.answer("^1.2\t1.4.0", false)).isEqualTo("true");
        assertThat(RangeCommand.answer("^1.2\t2.0.0", false)).isEqualTo("false");
        assertThat(RangeCommand.answer("^x.y\t2.0.0", false)).isEqualTo("invalid");
        assertThat(RangeCommand.answer("^1\t2.0", false)).isEqualTo("invalid");
        assertThat(RangeCommand.answer("^1 2.0.0", false)).isEqualTo("invalid");
    }

    @Test
    void readsLinesUntilTheEnd() {
        InputStream before = System.in;
        System.setIn(
                new ByteArrayInputStream(
                        "^1.2\t1.4.0\n>=1 <2\t2.0.0\nno tab\n".getBytes(StandardCharsets.UTF_8)));
        try {
            Commands range = Commands.run("range");
            assertThat(range.exit()).isZero();
            assertThat(range.out().lines()).containsExactly("true", "false", "invalid");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void anEmptyRangeIsAnyVersion() {
        assertThat(RangeCommand.answer("\t2.0.0", false)).isEqualTo("true");
    }

    @Test
    void preReleasesAreInWhenAskedFor() {
        assertThat(RangeCommand.answer(">=1.0.0\t2.0.0-rc.1", false)).isEqualTo("false");
        assertThat(RangeCommand.answer(">=1.0.0\t2.0.0-rc.1", true)).isEqualTo("true");
    }
}
