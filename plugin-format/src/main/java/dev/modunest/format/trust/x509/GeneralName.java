package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.util.ArrayList;
import java.util.List;

/** A GeneralName (RFC 5280 4.2.1.6). */
public sealed interface GeneralName {

    record Email(String address) implements GeneralName {}

    record Dns(String name) implements GeneralName {}

    record Directory(DistinguishedName name) implements GeneralName {}

    record Uri(String uri) implements GeneralName {}

    /** 4 or 16 octets; twice as many, with a mask, in a constraint. */
    record Ip(DerValue value) implements GeneralName {}

    /** otherName, x400Address, ediPartyName or registeredID. */
    record Other(int tag, DerValue value) implements GeneralName {}

    static List<GeneralName> parseAll(DerValue value) {
        List<GeneralName> names = new ArrayList<>();
        for (DerSequence all = value.members(Tag.SEQUENCE); all.hasNext(); ) {
            names.add(parse(all.next()));
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a list of names is empty");
        }
        return List.copyOf(names);
    }

    static GeneralName parse(DerValue value) {
        return switch (value.tag()) {
            case 0x81 -> new Email(value.ascii());
            case 0x82 -> new Dns(value.ascii());
            case 0x86 -> new Uri(value.ascii());
            case 0x87 -> new Ip(value);
            case 0xa4 -> new Directory(DistinguishedName.parse(value.inside(0xa4)));
            case 0xa0, 0xa3, 0xa5, 0x88 -> new Other(value.tag(), value);
            default -> throw new IllegalArgumentException("a name is of no kind that there is");
        };
    }
}
