package dev.modunest.standalone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What can be done to a release from the command line, and the request that does it. */
enum ReleaseVerb {
    YANK("yanked", true, "Hides a release from new resolution; it is still served."),
    UNYANK("yanked", false, "Takes a yank back."),
    DEPRECATE("deprecated", true, "Advises against a release; --replacement names another plugin."),
    UNDEPRECATE("deprecated", false, "Takes a deprecation back."),
    QUARANTINE("quarantined", true, "Stops a release from being served; for administrators."),
    UNQUARANTINE("quarantined", false, "Serves a release from quarantine again."),
    DELETE("deleted", true, "Deletes a release for good; its version is never used again.");

    private final String field;
    private final boolean sets;
    private final String description;

    ReleaseVerb(String field, boolean sets, String description) {
        this.field = field;
        this.sets = sets;
        this.description = description;
    }

    String description() {
        return description;
    }

    /** Whether the verb needs a reason; the others take none. */
    boolean needsReason() {
        return sets;
    }

    /** What is appended to the path of the release. */
    String query(String reason) {
        return this == DELETE ? "?reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8) : "";
    }

    HttpRequest.Builder on(
            HttpRequest.Builder request, String reason, Optional<String> replacement) {
        if (this == DELETE) {
            return request.DELETE();
        }
        return request.header("Content-Type", "application/merge-patch+json")
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString(patch(reason, replacement).toString()));
    }

    private ObjectNode patch(String reason, Optional<String> replacement) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        if (!sets) {
            return patch.putNull(field);
        }
        ObjectNode value = patch.putObject(field).put("reason", reason);
        replacement.ifPresent(plugin -> value.put("replacement", plugin));
        return patch;
    }
}
