package dev.modunest.server.admission;

import dev.modunest.db.Account;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Who is held to limits and takes turns: an account, or a client address without one.
 *
 * @param name tells parties apart
 */
public record Party(String name) {

    /** The party of requests that belong to nobody. */
    public static final Party ANYONE = new Party("anyone");

    /** An IPv6 client has a network of this length to choose addresses from (RFC 6177). */
    private static final int NETWORK_BYTES = 8;

    public static Party of(Account account) {
        return new Party("account " + account.id());
    }

    /** A host. */
    static Party of(UUID host) {
        return new Party("host " + host);
    }

    /** An IPv4 address, or the /64 network of an IPv6 address. */
    static Party of(InetAddress address) {
        return new Party(
                address instanceof Inet6Address
                        ? "network "
                                + HexFormat.of()
                                        .formatHex(
                                                Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                        : "address " + address.getHostAddress());
    }
}
