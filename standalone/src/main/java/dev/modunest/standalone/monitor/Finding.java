package dev.modunest.standalone.monitor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * An entry of the log that concerns the namespace.
 *
 * @param what was done: {@code release-signed}, {@code release-accepted}, {@code
 *     release-taken-down}, {@code attestation-signed}, {@code unreadable}, or the registry's act
 * @param subject what it was done to
 * @param key of who signed, or was certified
 * @param foreign why it is not the publisher's; empty: nothing speaks against it
 */
public record Finding(
        long index, String what, String subject, Optional<String> key, Optional<String> foreign) {

    public ObjectNode json() {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("index", index)
                        .put("what", what)
                        .put("subject", subject)
                        .put("foreign", foreign.isPresent());
        key.ifPresent(name -> json.put("key", name));
        foreign.ifPresent(why -> json.put("why", why));
        return json;
    }

    @Override
    public String toString() {
        return (foreign.isPresent() ? "FOREIGN  " : "         ")
                + index
                + "  "
                + what
                + "  "
                + subject
                + foreign.map(why -> "  " + why).orElse("")
                + key.map(name -> "  " + name).orElse("");
    }
}
