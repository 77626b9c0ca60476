package dev.modunest.format.trust.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.util.HexFormat;

class DerValueTest {

    private static DerValue parse(String hex) {
        return DerValue.parse(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', nothing",
        "30, no length",
        "3080, an indefinite length",
        "30800000, an indefinite length with its end",
        "3005020101, longer than its bytes",
        "30030201010500, something after it",
        "0281010a, a length not in its shortest form",
        "028200010a, a length with leading zeros",
        "0284000000010a, a length of four octets",
        "1f0101, a tag above 30",
        "0200, an INTEGER without octets",
        "02020001, an INTEGER with a leading zero",
        "0202ff80, a negative INTEGER not in its shortest form",
        "010101, a BOOLEAN of 1",
        "01020000, a BOOLEAN of two octets",
        "050100, a NULL with content",
        "0600, an OID without arcs",
        "060180, an OID that is cut off",
        "06028001, an OID arc with a leading zero",
        "0300, a BIT STRING without octets",
        "030101, a BIT STRING with unused bits and no octets",
        "03020801, a BIT STRING with 8 unused bits",
        "03020101, a BIT STRING with bits after its end",
        "1003020101, a SEQUENCE that is not constructed",
        "3003020001, a malformed value inside"
    })
    void refuses(String hex, String what) {
        assertThatIllegalArgumentException().as(what).isThrownBy(() -> parse(hex));
    }

    @Test
    void refusesDeepNesting() {
        StringBuilder hex = new StringBuilder();
        for (int length = 0; length < 80; length += 2) {
            hex.insert(0, HexFormat.of().toHexDigits((byte) length)).insert(0, "30");
        }
        String nested = hex.toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(nested))
                .withMessageContaining("deeper");
    }

    @ParameterizedTest
    @CsvSource({
        "0603550403, 2.5.4.3",
        "06062a864886f70d, 1.2.840.113549",
        "0603883703, 2.999.3",
        "060127, 0.39"
    })
    void readsObjectIdentifiers(String hex, String dotted) {
        assertThat(parse(hex).oid()).isEqualTo(dotted);
    }

    @Test
    void readsNumbersTextAndBits() {
        assertThat(parse("020200ff").integer()).isEqualTo(BigInteger.valueOf(255));
        assertThat(parse("0c02c3a9").utf8()).isEqualTo("\u00e9");
        assertThat(parse("03020186").namedBits()).isEqualTo(0b1100001);
        assertThat(parse("0101ff").bool()).isTrue();
        assertThat(parse("03020780").namedBits()).isEqualTo(1);
        assertThat(parse("0101ff")).isEqualTo(parse("0101ff")).hasToString("DER 01 of 1 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0c01ff", "0c02c328"})
    void refusesTextThatIsNotUtf8(String hex) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(hex).utf8());
    }

    @Test
    void refusesAnotherTypeThanIsAskedFor() {
        assertThatIllegalArgumentException().isThrownBy(() -> parse("0500").integer());
        assertThatIllegalArgumentException().isThrownBy(() -> parse("0500").members(Tag.SEQUENCE));
        assertThatIllegalArgumentException().isThrownBy(() -> parse("02020080").octets());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("0205ffffffffff").smallInteger());
        assertThatIllegalArgumentException().isThrownBy(() -> parse("03020780").bitOctets());
        assertThatIllegalArgumentException().isThrownBy(() -> parse("03020700").namedBits());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("3006020101020102").inside(Tag.SEQUENCE));
        assertThatIllegalArgumentException().isThrownBy(() -> parse("1601ff").ascii());
    }

    @ParameterizedTest
    @CsvSource({
        "170d3439313233313233353935395a, 2049-12-31T23:59:59Z",
        "170d3530303130313030303030305a, 1950-01-01T00:00:00Z",
        "180f32303530303130313030303030305a, 2050-01-01T00:00:00Z"
    })
    void readsTimesOfCertificates(String hex, String time) {
        assertThat(DerTime.ofCertificate(parse(hex))).hasToString(time);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "180f32303439303130313030303030305a, GeneralizedTime before 2050",
        "181132303530303130313030303030302e315a, a fraction",
        "170b343931323331323335395a, no seconds",
        "170d3439313333313233353935395a, a month 13",
        "171134393132333132333539353930303030, no Z",
        "1600, no time"
    })
    void refusesTimesOfCertificates(String hex, String what) {
        assertThatIllegalArgumentException()
                .as(what)
                .isThrownBy(() -> DerTime.ofCertificate(parse(hex)));
    }

    @Test
    void readsFractionsOfStamps() {
        assertThat(DerTime.generalized(parse("181132303236303130313030303030302e355a")))
                .hasToString("2026-01-01T00:00:00.500Z");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                DerTime.generalized(
                                        parse("181232303236303130313030303030302e35305a")));
    }
}
