package dev.modunest.standalone.monitor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.log.Hash;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.trust.json.JsonFields;

/**
 * How far a log was read.
 *
 * @param head the newest that was seen, with its signatures
 * @param entries that were read, of those that the head has
 * @param root of the tree of these entries
 */
public record Progress(SignedCheckpoint head, long entries, Hash root) {

    public Progress {
        if (entries < 0 || entries > head.checkpoint().size()) {
            throw new IllegalArgumentException(
                    "of " + head.checkpoint().size() + " entries not " + entries + " were read");
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Progress of(JsonFields json) {
        json.only("checkpoint", "entries", "root");
        return new Progress(
                SignedCheckpoint.parse(json.text("checkpoint")),
                Long.parseLong(json.text("entries")),
                Hash.parse(json.text("root"))
                        .orElseThrow(() -> json.fault("root", "is no hash in base64")));
    }

    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("checkpoint", head.toString())
                .put("entries", Long.toString(entries))
                .put("root", root.base64());
    }
}
