package dev.modunest.server.ceremony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.RootKeys;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

class TufCeremonyIT {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    private final List<Signer> root = signers(5);
    private final List<Signer> targets = signers(3);
    private final Signer online = signer();

    @TempDir private Path folder;

    private static Signer signer() {
        return new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    }

    private static List<Signer> signers(int count) {
        return Stream.generate(TufCeremonyIT::signer).limit(count).toList();
    }

    private static RoleKeys keys(int threshold, List<Signer> signers) {
        return RootKeys.of(threshold, signers.stream().map(Signer::key).toList());
    }

    private RootKeys rootKeys() {
        return new RootKeys(
                keys(3, root),
                keys(2, targets),
                keys(1, List.of(online)),
                keys(1, List.of(online)));
    }

    private TufCeremony ceremony() {
        return new TufCeremony(folder, () -> NOW);
    }

    private Path firstRoot() {
        TufDraft draft = ceremony().firstRoot(rootKeys());
        Path file = draft.file();
        for (Signer holder : root.subList(0, 3)) {
            TufDraft.read(file, Optional.empty()).sign(holder);
        }
        return ceremony().publish(file);
    }

    private TufDraft firstTargets() {
        return ceremony()
                .nextTargets(
                        Map.of(Layout.POLICY, "{}".getBytes(StandardCharsets.UTF_8)),
                        Optional.of(online.key()),
                        Optional.of(online.key()));
    }

    @Test
    void aRootIsPublishedWhenThreeHoldersHaveSigned() throws IOException {
        Path file = ceremony().firstRoot(rootKeys()).file();
        assertThat(file).isEqualTo(folder.resolve("tuf/draft/1.root.json"));
        for (Signer holder : root.subList(0, 2)) {
            TufDraft.read(file, Optional.empty()).sign(holder);
        }
        assertThatThrownBy(() -> ceremony().publish(file))
                .hasMessage("root 1 has keys of this root: 2 of 3 signatures");
        TufDraft again = TufDraft.read(file, Optional.empty()).sign(root.getFirst());
        assertThat(again.signatures()).hasToString("[keys of this root: 2 of 3 signatures]");
        TufDraft signed = again.sign(root.getLast());
        Path published = ceremony().publish(file);
        assertThat(published).isEqualTo(folder.resolve("tuf/1.root.json"));
        assertThat(file).doesNotExist();
        RootMetadata metadata =
                RootMetadata.of(SignedDocument.parse(Files.readAllBytes(published)));
        assertThat(metadata.expires()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(metadata.consistentSnapshot()).isTrue();
        assertThat(signed.text())
                .contains("\"consistent_snapshot\"", signed.document().digest().toString());
        assertThatThrownBy(() -> ceremony().firstRoot(rootKeys()))
                .hasMessage("there is a root already; draft the next with 'root'");
    }

    @Test
    void theNextRootIsSignedByTheKeysOfBoth() {
        Path first = firstRoot();
        List<Signer> others = signers(5);
        Path file =
                ceremony()
                        .nextRoot(
                                before ->
                                        new RootKeys(
                                                keys(3, others),
                                                before.targets(),
                                                before.snapshot(),
                                                before.timestamp()))
                        .file();
        for (Signer holder : others.subList(0, 3)) {
            TufDraft.read(file, Optional.empty()).sign(holder);
        }
        assertThatThrownBy(() -> ceremony().publish(file))
                .hasMessage("root 2 has keys of the root before: 0 of 3 signatures");
        assertThatThrownBy(() -> TufDraft.read(file, Optional.empty()).sign(root.getFirst()))
                .hasMessageContaining("is none of those that sign root 2");
        for (Signer holder : root.subList(2, 5)) {
            TufDraft.read(file, Optional.of(first)).sign(holder);
        }
        assertThat(ceremony().publish(file)).isEqualTo(folder.resolve("tuf/2.root.json"));
        assertThat(RootMetadata.of(ceremony().publicRoot()).root()).isEqualTo(keys(3, others));
        Path renewed = ceremony().nextRoot(UnaryOperator.identity()).file();
        assertThat(renewed).isEqualTo(folder.resolve("tuf/draft/3.root.json"));
    }

    @Test
    void targetsAreSignedByTwoAndKeepWhatIsNotNamed() throws IOException {
        Path firstRoot = firstRoot();
        Path file = firstTargets().file();
        assertThatThrownBy(() -> TufDraft.read(file, Optional.empty()).signatures())
                .hasMessageContaining("name the root that is public");
        TufDraft.read(file, Optional.of(firstRoot)).sign(targets.get(0));
        assertThatThrownBy(() -> ceremony().publish(file))
                .hasMessage("targets 1 has targets keys of the root: 1 of 2 signatures");
        assertThatThrownBy(() -> TufDraft.read(file, Optional.of(firstRoot)).sign(root.getFirst()))
                .hasMessageContaining("is none of those that sign targets 1");
        TufDraft.read(file, Optional.of(firstRoot)).sign(targets.get(2));
        byte[] signed = Files.readAllBytes(file);
        ceremony().publish(file);
        Files.write(file, signed);
        assertThatThrownBy(() -> ceremony().publish(file))
                .hasMessage("the draft has version 1, and 2 is next");
        TufDraft next =
                ceremony()
                        .nextTargets(
                                Map.of(Layout.TRUSTED_ROOT, "{}".getBytes(StandardCharsets.UTF_8)),
                                Optional.empty(),
                                Optional.empty());
        TargetsMetadata metadata = TargetsMetadata.of(next.document());
        assertThat(metadata.targets()).containsOnlyKeys(Layout.POLICY, Layout.TRUSTED_ROOT);
        assertThat(metadata.version()).isEqualTo(2);
        try (Stream<Path> contents = Files.list(folder.resolve("tuf/targets"))) {
            assertThat(contents).hasSize(2);
        }
    }

    @Test
    void tellsWhatIsNotThere() throws IOException {
        assertThatThrownBy(() -> ceremony().nextRoot(UnaryOperator.identity()))
                .hasMessageContaining("has no root yet");
        assertThatThrownBy(
                        () -> ceremony().nextTargets(Map.of(), Optional.empty(), Optional.empty()))
                .hasMessage("the role revocations needs a key");
        Path garbage = Files.writeString(folder.resolve("garbage"), "x");
        assertThatThrownBy(() -> TufDraft.read(garbage, Optional.empty()))
                .hasMessageContaining("is no document of TUF");
        assertThatThrownBy(() -> TufDraft.read(folder.resolve("none"), Optional.empty()))
                .hasMessageContaining("cannot be read");
    }
}
