package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
    void anEmptyRangeIsAnyVersion() {
        assertThat(RangeCommand.answer("\t2.0.0", false)).isEqualTo("true");
    }

    @Test
    void preReleasesAreInWhenAskedFor() {
        assertThat(RangeCommand.answer(">=1.0.0\t2.0.0-rc.1", false)).isEqualTo("false");
        assertThat(RangeCommand.answer(">=1.0.0\t2.0.0-rc.1", true)).isEqualTo("true");
    }
}
