package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Files that a role vouches for, and the roles that it trusts with others (specification 4.5). */
public record TargetsMetadata(
        long version,
        Instant expires,
        Map<String, TargetFile> targets,
        Optional<Delegations> delegations)
        implements Metadata {

    public static final String ROLE = "targets";

    public TargetsMetadata {
        targets = Map.copyOf(targets);
    }

    /**
     * Reads what a document says, whoever signed it.
     *
     * @throws IllegalArgumentException when it is no targets document
     */
    public static TargetsMetadata of(SignedDocument document) {
        JsonNode signed = document.content();
        MetadataFields.header(signed, ROLE);
        Map<String, TargetFile> targets = new HashMap<>();
        MetadataFields.object(signed, ROLE)
                .properties()
                .forEach(
                        file ->
                                targets.put(
                                        file.getKey(),
                                        TargetFile.parse(file.getKey(), file.getValue())));
        return new TargetsMetadata(
                MetadataFields.positive(signed, "version"),
                MetadataFields.expires(signed),
                targets,
                signed.has("delegations")
                        ? Optional.of(
                                Delegations.parse(MetadataFields.object(signed, "delegations")))
                        : Optional.empty());
    }
}
