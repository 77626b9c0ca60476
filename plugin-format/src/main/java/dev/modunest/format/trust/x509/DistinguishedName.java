package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Name (RFC 5280 4.1.2.4). Two are the same when their bytes are; strings are not folded. */
public record DistinguishedName(DerValue value, List<DerValue> parts) {

    private static final String EMAIL = "1.2.840.113549.1.9.1";

    static DistinguishedName parse(DerValue value) {
        List<DerValue> parts = value.members(Tag.SEQUENCE).rest();
        for (DerValue part : parts) {
            DerSequence attributes = part.members(Tag.SET);
            attributes.next();
        }
        return new DistinguishedName(value, List.copyOf(parts));
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Whether the name begins with all parts of {@code base}. */
    boolean isBelow(DistinguishedName base) {
        return parts.size() >= base.parts.size()
                && parts.subList(0, base.parts.size()).equals(base.parts);
    }

    /** The values of all attributes of one type, as text. */
    public List<String> attributes(String oid) {
        List<String> values = new ArrayList<>();
        for (DerValue part : parts) {
            for (DerSequence set = part.members(Tag.SET); set.hasNext(); ) {
                DerSequence attribute = set.next().members(Tag.SEQUENCE);
                String type = attribute.next().oid();
                DerValue text = attribute.next();
                if (type.equals(oid)) {
                    values.add(new String(text.content(), StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }

    List<String> emails() {
        return attributes(EMAIL);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DistinguishedName that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return String.join(", ", attributes(Oids.COMMON_NAME));
    }
}
