package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An extension (RFC 5280 4.2) of a certificate, a revocation list or an entry of one. */
public record Extension(String oid, boolean critical, DerValue octets) {

    /** SEQUENCE OF Extension, none twice. */
    static Map<String, Extension> parseAll(DerValue value) {
        Map<String, Extension> extensions = new LinkedHashMap<>();
        DerSequence all = value.members(Tag.SEQUENCE);
        if (!all.hasNext()) {
            throw new IllegalArgumentException("the list of extensions is empty");
        }
        while (all.hasNext()) {
            Extension extension = parse(all.next());
            if (extensions.put(extension.oid(), extension) != null) {
                throw new IllegalArgumentException(
                        "the extension " + extension.oid() + " is there twice");
            }
        }
        return extensions;
    }

    private static Extension parse(DerValue value) {
        DerSequence fields = value.members(Tag.SEQUENCE);
        String oid = fields.next().oid();
        Optional<DerValue> critical = fields.nextIf(Tag.BOOLEAN);
        if (critical.isPresent() && !critical.get().bool()) {
            throw new IllegalArgumentException("a default is written out, which DER forbids");
        }
        DerValue octets = fields.next();
        fields.end();
        octets.octets();
        return new Extension(oid, critical.isPresent(), octets);
    }

    /** What the extension holds; an IllegalArgumentException when that is not DER. */
    public DerValue value() {
        return octets.parseOctets();
    }
}
