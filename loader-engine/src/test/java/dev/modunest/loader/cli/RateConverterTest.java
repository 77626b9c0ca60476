package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

class RateConverterTest {

    @ParameterizedTest
    @CsvSource({"2048,2048", "500KiB,512000", "10MiB,10485760", "1GiB,1073741824"})
    void readsBytesWithTheirUnit(String text, long bytes) {
        assertThat(new RateConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "10MB", "10 MiB", "-1", "1.5MiB", "1234567890"})
    void refusesWhatHasNoUnitOfOurs(String text) {
        assertThatThrownBy(() -> new RateConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("write 500KiB");
    }

    @Test
    void holdsTheLargestThatFits() {
        assertThat(new RateConverter().convert("999999999GiB")).isPositive();
    }
}
