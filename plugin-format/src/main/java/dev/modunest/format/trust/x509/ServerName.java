package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerValue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** The host that a client wants to reach (RFC 9525): a DNS name, or an IP address as its octets. */
sealed interface ServerName {

    boolean isAmong(List<GeneralName> names);

    record Dns(String name) implements ServerName {

        @Override
        public boolean isAmong(List<GeneralName> names) {
            return names.stream()
                    .anyMatch(
                            each ->
                                    each instanceof GeneralName.Dns(String pattern)
                                            && DnsName.matches(pattern, name));
        }
    }

    record Ip(InetAddress address) implements ServerName {

        @Override
        public boolean isAmong(List<GeneralName> names) {
            return names.stream()
                    .anyMatch(
                            each ->
                                    each instanceof GeneralName.Ip(DerValue value)
                                            && Arrays.equals(
                                                    value.content(), address.getAddress()));
        }
    }

    /** Reads an address without asking a name server; empty when it is none. */
    static Optional<ServerName> ip(String text) {
        if (!text.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Ip(InetAddress.getByName(text)));
        } catch (UnknownHostException none) {
            return Optional.empty();
        }
    }

    /** How a name is written: an address of version 6 after RFC 5952. Empty for other kinds. */
    static Optional<String> text(GeneralName name) {
        return switch (name) {
            case GeneralName.Dns(String dns) -> Optional.of(dns);
            case GeneralName.Ip(DerValue value) when value.length() == 4 ->
                    Optional.of(ipv4(value.content()));
            case GeneralName.Ip(DerValue value) when value.length() == 16 ->
                    Optional.of(ipv6(value.content()));
            case GeneralName.Ip _,
                    GeneralName.Email _,
                    GeneralName.Directory _,
                    GeneralName.Uri _,
                    GeneralName.Other _ ->
                    Optional.empty();
        };
    }

    private static String ipv4(byte[] octets) {
        StringJoiner text = new StringJoiner(".");
        for (byte octet : octets) {
            text.add(Integer.toString(octet & 0xff));
        }
        return text.toString();
    }

    private static String ipv6(byte[] octets) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((octets[2 * i] & 0xff) << 8) | (octets[2 * i + 1] & 0xff);
        }
        int longest = 1;
        int start = -1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                start = i;
            }
        }
        return start < 0
                ? hex(groups, 0, 8)
                : hex(groups, 0, start) + "::" + hex(groups, start + longest, 8);
    }

    private static String hex(int[] groups, int from, int to) {
        StringJoiner text = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            text.add(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
