package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerValue;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a name lies in a subtree of names (RFC 5280 4.2.1.10), kind by kind. */
final class NameMatch {

    private static final Pattern AUTHORITY =
            Pattern.compile(
                    "[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@\\[\\]]+)(?::\\d*)?(?:[/?#].*)?");
    private static final String WILDCARD = "*.";

    private NameMatch() {}

    static boolean sameKind(GeneralName name, GeneralName subtree) {
        return switch (name) {
            case GeneralName.Other(int tag, _) ->
                    subtree instanceof GeneralName.Other that && that.tag() == tag;
            case GeneralName.Email _,
                    GeneralName.Dns _,
                    GeneralName.Directory _,
                    GeneralName.Uri _,
                    GeneralName.Ip _ ->
                    name.getClass() == subtree.getClass();
        };
    }

    /** Refuses what cannot be a subtree. */
    static void requireSubtree(GeneralName base) {
        switch (base) {
            case GeneralName.Dns(String name) -> {
                if (!name.isEmpty() && !DnsName.isHost(name)) {
                    throw new IllegalArgumentException("'" + name + "' constrains no DNS names");
                }
            }
            case GeneralName.Ip(DerValue value) -> requireMask(value.content());
            case GeneralName.Email _,
                    GeneralName.Directory _,
                    GeneralName.Uri _,
                    GeneralName.Other _ -> {}
        }
    }

    private static void requireMask(byte[] octets) {
        if (octets.length != 8 && octets.length != 32) {
            throw new IllegalArgumentException("an address constraint has no mask");
        }
        boolean ended = false;
        for (int bit = octets.length * 4; bit < octets.length * 8; bit++) {
            boolean set = (octets[bit / 8] & (0x80 >> (bit % 8))) != 0;
            if (set && ended) {
                throw new IllegalArgumentException("the mask of an address constraint has a gap");
            }
            ended |= !set;
        }
    }

    static boolean isIn(GeneralName name, GeneralName base) {
        return switch (name) {
            case GeneralName.Dns(String dns) ->
                    base instanceof GeneralName.Dns(String subtree) && dnsIsIn(dns, subtree);
            case GeneralName.Ip(DerValue address) ->
                    base instanceof GeneralName.Ip(DerValue subtree)
                            && ipIsIn(address.content(), subtree.content());
            case GeneralName.Directory(DistinguishedName directory) ->
                    base instanceof GeneralName.Directory(DistinguishedName subtree)
                            && directory.isBelow(subtree);
            case GeneralName.Uri(String uri) ->
                    base instanceof GeneralName.Uri(String subtree)
                            && host(uri).map(host -> hostIsIn(host, subtree)).orElse(false);
            case GeneralName.Email(String address) ->
                    base instanceof GeneralName.Email(String subtree)
                            && emailIsIn(address, subtree);
            case GeneralName.Other _ -> false;
        };
    }

    /**
     * Whether the name or, of a wildcard, one that it stands for may lie in an excluded subtree.
     */
    static boolean touches(GeneralName name, GeneralName base) {
        return switch (name) {
            case GeneralName.Other _ -> true;
            case GeneralName.Uri(String uri) -> host(uri).isEmpty() || isIn(name, base);
            case GeneralName.Dns(String dns) when dns.startsWith(WILDCARD) ->
                    isIn(name, base)
                            || (base instanceof GeneralName.Dns(String subtree)
                                    && dnsIsIn(subtree, dns.substring(WILDCARD.length())));
            case GeneralName.Dns _,
                    GeneralName.Ip _,
                    GeneralName.Directory _,
                    GeneralName.Email _ ->
                    isIn(name, base);
        };
    }

    private static boolean dnsIsIn(String name, String base) {
        String lower = lower(name);
        String subtree = lower(base);
        return subtree.isEmpty() || lower.equals(subtree) || lower.endsWith("." + subtree);
    }

    private static boolean hostIsIn(String host, String base) {
        String subtree = lower(base);
        return subtree.startsWith(".")
                ? lower(host).endsWith(subtree) && host.length() > subtree.length()
                : lower(host).equals(subtree);
    }

    private static boolean emailIsIn(String address, String base) {
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return false;
        }
        int baseAt = base.lastIndexOf('@');
        return baseAt < 0
                ? hostIsIn(address.substring(at + 1), base)
                : address.substring(0, at).equals(base.substring(0, baseAt))
                        && lower(address.substring(at)).equals(lower(base.substring(baseAt)));
    }

    private static boolean ipIsIn(byte[] address, byte[] base) {
        if (base.length != 2 * address.length) {
            return false;
        }
        for (int i = 0; i < address.length; i++) {
            if (((address[i] ^ base[i]) & base[address.length + i]) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> host(String uri) {
        Matcher authority = AUTHORITY.matcher(uri);
        return authority.matches() ? Optional.of(authority.group(1)) : Optional.empty();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String describe(GeneralName name) {
        return switch (name) {
            case GeneralName.Dns(String dns) -> "the DNS name " + dns;
            case GeneralName.Uri(String uri) -> "the URI " + uri;
            case GeneralName.Email(String address) -> "the address " + address;
            case GeneralName.Directory _ -> "its directory name";
            case GeneralName.Ip _ -> "an IP address";
            case GeneralName.Other _ -> "a name of a kind that is not read";
        };
    }
}
