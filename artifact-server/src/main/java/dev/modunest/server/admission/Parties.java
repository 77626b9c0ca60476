package dev.modunest.server.admission;

import dev.modunest.server.auth.Authenticator;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Says whose a request is: the account of its token, else the address of its client. A token that
 * is not known makes no party, or whoever invents tokens would have no limit. Thread-safe.
 */
public final class Parties {

    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");

    private final Authenticator authenticator;
    private final TrustedProxies proxies;

    public Parties(LimitsConfig config, Authenticator authenticator) {
        this.authenticator = authenticator;
        this.proxies = new TrustedProxies(config.trustedProxies());
    }

    public Party of(ServerRequest request) {
        return authenticator.find(request).map(Party::of).orElseGet(() -> address(request));
    }

    private Party address(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                ? Party.of(
                        proxies.client(
                                peer.getAddress(), request.headers().all(FORWARDED_FOR, List::of)))
                : Party.ANYONE;
    }
}
