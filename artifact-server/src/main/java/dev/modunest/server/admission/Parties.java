package dev.modunest.server.admission;

import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Principal;
import dev.modunest.settings.TrustedProxies;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Says whose a request is: the account or host that sends it, else the address of its client.
 * Thread-safe.
 */
public final class Parties {

    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");

    private final TrustedProxies proxies;

    public Parties(LimitsConfig config) {
        this.proxies = new TrustedProxies(config.trustedProxies());
    }

    public Party of(ServerRequest request) {
        return switch (Caller.of(request)) {
            case Principal.Developer developer -> Party.of(developer.account());
            case Principal.Host host -> Party.of(host.id());
            case Principal.Anonymous _, Principal.EndUser _, Principal.Edge _ -> address(request);
        };
    }

    /** The party of the client's address, whoever it says it is. */
    Party address(ServerRequest request) {
        return client(request).map(Party::of).orElse(Party.ANYONE);
    }

    /** The client's address, for the audit. */
    public String addressText(ServerRequest request) {
        return client(request).map(InetAddress::getHostAddress).orElse("unknown");
    }

    private Optional<InetAddress> client(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                ? Optional.of(
                        proxies.client(
                                peer.getAddress(), request.headers().all(FORWARDED_FOR, List::of)))
                : Optional.empty();
    }
}
