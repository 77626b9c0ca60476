package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The keys that a document defines, by id, from which its roles take theirs. */
record KeyRing(Map<String, MetadataKey> keys) {

    private static final int MAX_KEYS = 1_024;

    KeyRing {
        keys = Map.copyOf(keys);
    }

    static KeyRing parse(JsonNode document) {
        JsonNode json = MetadataFields.object(document, "keys");
        if (json.size() > MAX_KEYS) {
            throw new IllegalArgumentException("more than " + MAX_KEYS + " keys");
        }
        Map<String, MetadataKey> keys = new HashMap<>();
        json.properties()
                .forEach(
                        key ->
                                keys.put(
                                        key.getKey(),
                                        MetadataKey.parse(key.getKey(), key.getValue())));
        return new KeyRing(keys);
    }

    /** The keys of a role; ids that no key has are left out. */
    RoleKeys of(JsonNode role) {
        List<String> ids = MetadataFields.texts(role, "keyids");
        if (new HashSet<>(ids).size() != ids.size()) {
            throw new IllegalArgumentException("a role has a key id twice");
        }
        List<MetadataKey> known = new ArrayList<>();
        for (String id : ids) {
            MetadataKey key = keys.get(id);
            if (key != null) {
                known.add(key);
            }
        }
        return new RoleKeys(known, MetadataFields.threshold(role));
    }
}
