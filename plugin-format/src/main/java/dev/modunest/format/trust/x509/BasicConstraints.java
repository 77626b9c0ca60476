package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.util.Optional;

/** Whether a certificate is of a CA, and how many CAs may follow (RFC 5280 4.2.1.9). */
public record BasicConstraints(boolean ca, Optional<Integer> pathLength) {

    public BasicConstraints {
        if (!ca && pathLength.isPresent()) {
            throw new IllegalArgumentException("a path length without CA");
        }
    }

    static BasicConstraints parse(Extension extension) {
        DerSequence fields = extension.value().members(Tag.SEQUENCE);
        Optional<DerValue> ca = fields.nextIf(Tag.BOOLEAN);
        if (ca.isPresent() && !ca.get().bool()) {
            throw new IllegalArgumentException("a default is written out, which DER forbids");
        }
        Optional<Integer> length = fields.nextIf(Tag.INTEGER).map(DerValue::smallInteger);
        fields.end();
        return new BasicConstraints(ca.isPresent(), length);
    }
}
