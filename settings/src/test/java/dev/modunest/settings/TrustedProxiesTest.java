package dev.modunest.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.List;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES =
            new TrustedProxies(List.of("127.0.0.1", "10.20.0.0/14", "2001:db8::/32"));

    @ParameterizedTest
    @CsvSource({
        "a stranger is believed nothing, 192.0.2.1, '198.51.100.1', 192.0.2.1",
        "a proxy is believed, 127.0.0.1, '198.51.100.1', 198.51.100.1",
        "a network is believed, 10.23.255.1, '198.51.100.1', 198.51.100.1",
        "its neighbour is not, 10.24.0.1, '198.51.100.1', 10.24.0.1",
        "the last that is not trusted counts, 127.0.0.1, '203.0.113.9, 198.51.100.1, 10.21.0.1', 198.51.100.1",
        "what a client wrote does not, 10.20.0.1, '127.0.0.1, 203.0.113.9, 198.51.100.1', 198.51.100.1",
        "without the header it is the proxy, 127.0.0.1, '', 127.0.0.1",
        "what is no address is the proxy that told it, 127.0.0.1, '198.51.100.1, unknown', 127.0.0.1",
        "what is no address is the proxy before, 127.0.0.1, 'unknown, 10.20.0.1', 10.20.0.1",
        "proxies all the way, 127.0.0.1, '10.20.0.1, 10.20.0.2', 10.20.0.1",
        "six, 2001:db8::1, '2001:db9::7', 2001:db9::7",
        "the kinds of addresses differ, ::1, '198.51.100.1', ::1",
    })
    void theClientIsTheLastThatATrustedProxyToldOf(
            String claim, String peer, String forwarded, String client) {
        assertThat(PROXIES.client(InetAddress.ofLiteral(peer), List.of(forwarded)))
                .as(claim)
                .isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void headersOfOneNameAreOneList() {
        assertThat(
                        PROXIES.client(
                                InetAddress.ofLiteral("127.0.0.1"),
                                List.of("203.0.113.9", "198.51.100.1, 10.20.0.1")))
                .isEqualTo(InetAddress.ofLiteral("198.51.100.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"edge", "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0/8x", "a/8"})
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
