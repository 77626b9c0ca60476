package dev.modunest.edge.limit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * By what a client without a token is known: an IPv4 address, or the /64 network of an IPv6 address
 * (RFC 6177: less is not given to anyone).
 *
 * @param bits of the address or the network
 */
public record ClientNetwork(boolean version4, long bits) {

    public static ClientNetwork of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? new ClientNetwork(true, Integer.toUnsignedLong(bytes.getInt()))
                : new ClientNetwork(false, bytes.getLong());
    }
}
