package dev.modunest.settings;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Addresses and networks whose X-Forwarded-For is believed. Immutable. */
public final class TrustedProxies {

    private final List<Network> networks;

    /**
     * Reads addresses and networks.
     *
     * @param texts {@code 192.0.2.1} or {@code 10.0.0.0/8}
     * @throws IllegalArgumentException naming what is neither
     */
    public TrustedProxies(List<String> texts) {
        this.networks = texts.stream().map(Network::parse).toList();
    }

    private record Network(InetAddress address, int bits) {

        static Network parse(String text) {
            int slash = text.indexOf('/');
            InetAddress address =
                    InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int most = address.getAddress().length * Byte.SIZE;
            return new Network(
                    address, slash < 0 ? most : bits(text.substring(slash + 1), most, text));
        }

        private static int bits(String text, int most, String network) {
            if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= most) {
                return Integer.parseInt(text);
            }
            throw new IllegalArgumentException(
                    "'" + network + "' is no network: write 0 to " + most + " after the slash");
        }

        boolean holds(byte[] other) {
            byte[] mine = address.getAddress();
            if (other.length != mine.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            int rest = bits % Byte.SIZE;
            int mask = (0xff << (Byte.SIZE - rest)) & 0xff;
            return Arrays.equals(mine, 0, whole, other, 0, whole)
                    && (rest == 0 || ((mine[whole] ^ other[whole]) & mask) == 0);
        }
    }

    /**
     * The client: from {@code peer} back along {@code forwarded} to the first address that is not
     * trusted. What stands before it anyone can have written. Where an address is due and none
     * stands, the client is the proxy that told it.
     *
     * @param forwarded the values of X-Forwarded-For, in their order
     */
    public InetAddress client(InetAddress peer, List<String> forwarded) {
        InetAddress client = peer;
        if (forwarded.isEmpty()) {
            return client;
        }
        List<String> told = List.of(String.join(",", forwarded).split(",", -1));
        for (String before : told.reversed()) {
            if (!trusts(client)) {
                return client;
            }
            Optional<InetAddress> next = address(before.strip());
            if (next.isEmpty()) {
                return client;
            }
            client = next.get();
        }
        return client;
    }

    private boolean trusts(InetAddress address) {
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.holds(bytes));
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
