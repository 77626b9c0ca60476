package dev.modunest.format.trust.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.json.JsonFields;

/**
 * How an artifact was built (SLSA Provenance v1): as much of it as trust levels ask.
 *
 * @param parameters what the build was started with, under the control of who started it
 */
public record BuildProvenance(
        Digest artifact, String buildType, String builder, ObjectNode parameters) {

    public static final String TYPE = "https://slsa.dev/provenance/v1";

    /**
     * Reads a statement.
     *
     * @throws IllegalArgumentException when it is no provenance
     */
    public static BuildProvenance of(Statement statement) {
        JsonFields fields = statement.predicate(TYPE);
        JsonFields definition = fields.object("buildDefinition");
        return new BuildProvenance(
                statement.subject().sha256(),
                definition.text("buildType"),
                fields.object("runDetails").object("builder").text("id"),
                definition.object("externalParameters").object());
    }
}
