package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;

final class OriginAddressTest {

    @Test
    void portsHaveTheDefaultsOfTheirSchemes() {
        assertThat(address("http://A.example").id()).isEqualTo("a.example:80");
        assertThat(address("https://a.example/").id()).isEqualTo("a.example:443");
        assertThat(address("https://[::1]:8443").id()).isEqualTo("[::1]:8443");
        assertThat(address("https://[::1]:8443").host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "http:///x", "http://a/x", "http://a?q", "http://u@a"})
    void whatIsMoreOrLessThanAServerIsRefused(String uri) {
        assertThatThrownBy(() -> address(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    private static OriginAddress address(String uri) {
        return new OriginAddress(URI.create(uri));
    }
}
