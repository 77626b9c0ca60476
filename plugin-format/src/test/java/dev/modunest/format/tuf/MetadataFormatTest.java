package dev.modunest.format.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** Documents with one field that is not as the specification has it. */
class MetadataFormatTest {

    private final SimulatedRepository repository = new SimulatedRepository();

    private Metadata read(String role) {
        SignedDocument document = SignedDocument.unsigned(repository.role(role));
        return switch (role) {
            case "root" -> RootMetadata.of(document);
            case "timestamp" -> TimestampMetadata.of(document);
            case "snapshot" -> SnapshotMetadata.of(document);
            default -> TargetsMetadata.of(document);
        };
    }

    /** Sets the value at a JSON pointer whose parent is an object; removes it without one. */
    private void set(String role, String pointer, String json) {
        int slash = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) repository.role(role).at(pointer.substring(0, slash));
        String field = pointer.substring(slash + 1);
        if (json.isEmpty()) {
            parent.remove(field);
        } else {
            JsonNode value = StrictJson.object("{\"v\": " + json.replace('\'', '"') + "}").get("v");
            parent.set(field, value);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "root, /_type, 'targets'",
                "root, /_type, ",
                "root, /spec_version, '2.0.0'",
                "root, /spec_version, '1'",
                "root, /spec_version, '1.x'",
                "root, /spec_version, 1",
                "root, /version, 0",
                "root, /version, -1",
                "root, /version, '1'",
                "root, /version, ",
                "root, /expires, '2026-03-01'",
                "root, /expires, '2026-03-01T00:00:00.5Z'",
                "root, /expires, '2026-03-01T00:00:00+00:00'",
                "root, /expires, '2026-02-30T00:00:00Z'",
                "root, /expires, 5",
                "root, /consistent_snapshot, 'true'",
                "root, /keys, []",
                "root, /keys, {'a': 1}",
                "root, /roles, []",
                "root, /roles/root, ",
                "root, /roles/timestamp, 1",
                "root, /roles/snapshot/threshold, 0",
                "root, /roles/snapshot/threshold, 1.5",
                "root, /roles/targets/keyids, 'a'",
                "root, /roles/targets/keyids, [1]",
                "root, /roles/targets/keyids, \"['a','a']\"",
                "timestamp, /meta, {}",
                "timestamp, /meta, []",
                "timestamp, /meta/snapshot, {}",
                "timestamp, /meta/snapshot.json/version, 0",
                "timestamp, /meta/snapshot.json/length, -1",
                "timestamp, /meta/snapshot.json/length, 'a'",
                "timestamp, /meta/snapshot.json/hashes, {}",
                "timestamp, /meta/snapshot.json/hashes, []",
                "timestamp, /meta/snapshot.json/hashes, {'sha256': 1}",
                "snapshot, /_type, 'timestamp'",
                "snapshot, /meta/a.json, {}",
                "snapshot, /meta/a, {'version': 1}",
                "targets, /targets, []",
                "targets, /targets/a, {}",
                "targets, /targets/a, {'length': 1}",
                "targets, /targets/a, {'hashes': {'sha256': 'a'}}",
                "targets, /targets/a, \"{'length': -1, 'hashes': {'sha256': 'a'}}\"",
                "targets, /delegations, []",
                "targets, /delegations, {'keys': {}}",
                "targets, /delegations, {'roles': []}",
                "targets, /delegations, \"{'keys': {}, 'roles': {}}\"",
                "targets, /delegations, \"{'keys': {}, 'roles': [], 'succinct_roles': {}}\"",
                "targets, /delegations, \"{'keys': {}, 'succinct_roles': []}\""
            })
    void areRefused(String role, String pointer, String json) {
        assertThat(read(role)).isNotNull();
        set(role, pointer, json == null ? "" : json);
        assertThatThrownBy(() -> read(role)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "name, ",
                "name, ''",
                "name, 'root'",
                "name, 'snapshot'",
                "name, 'other'",
                "terminating, ",
                "terminating, 'true'",
                "threshold, 0",
                "keyids, ",
                "paths, ",
                "paths, 'x'",
                "path_hash_prefixes, []"
            })
    void delegationsAreRefused(String field, String json) {
        repository.delegate("targets", "other", false, "*");
        ObjectNode role = repository.delegate("targets", "a", false, "*");
        assertThat(read("targets")).isNotNull();
        if (json == null) {
            role.remove(field);
        } else {
            role.set(field, StrictJson.object("{\"v\": " + json.replace('\'', '"') + "}").get("v"));
        }
        assertThatThrownBy(() -> read("targets")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameThatNoFileCanHaveIsRefused() {
        repository.delegate("targets", "/".repeat(70), false, "*");
        assertThatThrownBy(() -> read("targets")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"signed\": [], \"signatures\": []}",
                "{\"signed\": {}}",
                "{\"signed\": {}, \"signatures\": {}}",
                "{\"signed\": {}, \"signatures\": [1]}",
                "{\"signed\": {}, \"signatures\": [{\"keyid\": \"a\"}]}",
                "{\"signed\": {}, \"signatures\": [{\"keyid\": \"a\", \"sig\": \"0\"}]}",
                "{\"signed\": {}, \"signatures\": [{\"keyid\": \"a\", \"sig\": \"xx\"}]}",
                "{\"signed\": {}, \"signed\": {}, \"signatures\": []}",
                "{\"signed\": {\"a\": 1, \"a\": 1}, \"signatures\": []}",
                "{\"signed\": {\"a\": 1.5}, \"signatures\": []}",
                "{\"signed\": {}, \"signatures\": []} x"
            })
    void whatIsNoSignedDocumentIsRefused(String json) {
        assertThatThrownBy(() -> SignedDocument.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashesOfUnknownNamesAreNotLookedAt() {
        set("targets", "/targets/a", "{'length': 1, 'hashes': {'blake2': 'x', 'sha512': 'y'}}");
        TargetFile file =
                ((TargetsMetadata) read("targets"))
                        .targets()
                        .getOrDefault("a", TargetFile.of("", new byte[0]));
        assertThat(file.hashes().first()).isEqualTo("y");
        assertThat(file.hashes().match(new byte[1])).isFalse();
    }
}
