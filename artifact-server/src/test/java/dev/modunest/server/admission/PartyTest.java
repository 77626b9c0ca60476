package dev.modunest.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;

class PartyTest {

    @Test
    void aClientOfIpv6IsItsNetwork() {
        assertThat(Party.of(InetAddress.ofLiteral("2001:db8:0:1::7")))
                .isEqualTo(Party.of(InetAddress.ofLiteral("2001:db8:0:1:ffff::9")))
                .isNotEqualTo(Party.of(InetAddress.ofLiteral("2001:db8:0:2::7")));
        assertThat(Party.of(InetAddress.ofLiteral("192.0.2.1")))
                .isNotEqualTo(Party.of(InetAddress.ofLiteral("192.0.2.2")));
    }
}
