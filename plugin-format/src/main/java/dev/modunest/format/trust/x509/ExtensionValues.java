package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.Tag;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The extensions that decide over a path, read (RFC 5280 4.2.1). */
record ExtensionValues(
        Optional<KeyUsage> keyUsage,
        Optional<BasicConstraints> basicConstraints,
        Optional<List<String>> purposes,
        List<GeneralName> names,
        Optional<byte[]> subjectKeyId,
        Optional<AuthorityKeyId> authorityKeyId,
        Optional<NameConstraints> nameConstraints) {

    static ExtensionValues read(Map<String, Extension> extensions) {
        return new ExtensionValues(
                read(extensions, Oids.KEY_USAGE, KeyUsage::parse),
                read(extensions, Oids.BASIC_CONSTRAINTS, BasicConstraints::parse),
                read(extensions, Oids.EXTENDED_KEY_USAGE, ExtensionValues::purposes),
                read(extensions, Oids.SUBJECT_ALT_NAME, e -> GeneralName.parseAll(e.value()))
                        .orElse(List.of()),
                read(extensions, Oids.SUBJECT_KEY_ID, extension -> extension.value().octets()),
                read(extensions, Oids.AUTHORITY_KEY_ID, AuthorityKeyId::parse),
                read(extensions, Oids.NAME_CONSTRAINTS, NameConstraints::parse));
    }

    private static <T> Optional<T> read(
            Map<String, Extension> extensions, String oid, Function<Extension, T> reader) {
        Extension extension = extensions.get(oid);
        return extension == null ? Optional.empty() : Optional.of(reader.apply(extension));
    }

    private static List<String> purposes(Extension extension) {
        List<String> purposes = new ArrayList<>();
        for (DerSequence all = extension.value().members(Tag.SEQUENCE); all.hasNext(); ) {
            purposes.add(all.next().oid());
        }
        if (purposes.isEmpty()) {
            throw new IllegalArgumentException("an ExtendedKeyUsage is empty");
        }
        return List.copyOf(purposes);
    }
}
