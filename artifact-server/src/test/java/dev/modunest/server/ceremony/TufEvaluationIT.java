package dev.modunest.server.ceremony;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.server.key.Passphrase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

class TufEvaluationIT {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    @TempDir private Path folder;

    private void prepare(Instant at) throws IOException {
        new TufEvaluation(folder, () -> at).prepare();
    }

    @Test
    void rootAndTargetsAreMadeAndRenewedWhenDue() throws IOException {
        new Ceremony(folder, Map.of(), new Passphrase.None(), () -> NOW)
                .everything("registry.example.com");
        prepare(NOW);
        prepare(NOW.plus(Duration.ofDays(149)));
        assertThat(folder.resolve("tuf/2.targets.json")).doesNotExist();
        prepare(NOW.plus(Duration.ofDays(150)));
        assertThat(folder.resolve("tuf/2.targets.json")).exists();
        assertThat(folder.resolve("tuf/2.root.json")).doesNotExist();
        prepare(NOW.plus(Duration.ofDays(335)));
        RootMetadata root = RootMetadata.of(TufDraft.document(folder.resolve("tuf/2.root.json")));
        assertThat(root.expires()).isEqualTo(NOW.plus(Duration.ofDays(700)));
        TargetsMetadata targets =
                TargetsMetadata.of(TufDraft.document(folder.resolve("tuf/3.targets.json")));
        assertThat(targets.targets()).containsOnlyKeys("trusted_root.json", "policy.json");
    }

    @Test
    void targetsFollowTheFilesOfTheDirectory() throws IOException {
        new Ceremony(folder, Map.of(), new Passphrase.None(), () -> NOW)
                .everything("registry.example.com");
        prepare(NOW);
        Files.writeString(folder.resolve("policy.json"), "{}");
        prepare(NOW);
        assertThat(
                        TargetsMetadata.of(TufDraft.document(folder.resolve("tuf/2.targets.json")))
                                .targets())
                .containsOnlyKeys("trusted_root.json", "policy.json");
    }
}
