package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.util.Optional;

/** Which key of the issuer signed (RFC 5280 4.2.1.1). */
public record AuthorityKeyId(Optional<byte[]> keyId, boolean namesIssuer) {

    static AuthorityKeyId parse(Extension extension) {
        DerSequence fields = extension.value().members(Tag.SEQUENCE);
        Optional<byte[]> keyId = fields.nextIf(Tag.context(0)).map(DerValue::content);
        boolean issuer = fields.nextIf(Tag.constructed(1)).isPresent();
        boolean serial = fields.nextIf(Tag.context(2)).isPresent();
        fields.end();
        return new AuthorityKeyId(keyId, issuer || serial);
    }
}
