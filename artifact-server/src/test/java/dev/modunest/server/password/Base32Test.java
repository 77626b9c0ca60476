package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class Base32Test {

    /** RFC 4648, section 10. */
    @ParameterizedTest
    @CsvSource({
        "f, MY",
        "fo, MZXQ",
        "foo, MZXW6",
        "foob, MZXW6YQ",
        "fooba, MZXW6YTB",
        "foobar, MZXW6YTBOI"
    })
    void writesAndReadsTheVectorsOfTheStandard(String plain, String encoded) {
        byte[] bytes = plain.getBytes(StandardCharsets.US_ASCII);

        assertThat(Base32.encode(bytes)).isEqualTo(encoded);
        assertThat(Base32.decode(encoded)).isEqualTo(bytes);
    }

    @Property
    void readsWhatItWrote(@ForAll byte[] bytes) {
        assertThat(Base32.decode(Base32.encode(bytes))).isEqualTo(bytes);
    }

    @Test
    void readsWhatPeopleWrite() {
        assertThat(Base32.decode("mzxw 6ytb-oi======")).isEqualTo(Base32.decode("MZXW6YTBOI"));
        assertThatThrownBy(() -> Base32.decode("MZXW1"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
