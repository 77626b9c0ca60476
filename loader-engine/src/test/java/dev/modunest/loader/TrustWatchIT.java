package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.testing.Reports;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a host is told while plugins run, and when it first trusts. */
class TrustWatchIT extends TrustScenario {

    /** Collects what is told. */
    private static final class Told implements TrustListener {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void revoked(Coordinate plugin, TrustWarning why, List<Coordinate> stopped) {
            lines.add("revoked " + plugin + " " + why.code() + " " + stopped);
        }

        @Override
        public void refreshFailed(TrustWarning why) {
            lines.add("failed " + why.code());
        }

        @Override
        public void rootPinned(Digest root) {
            lines.add("pinned " + root);
        }

        @Override
        public void unverified(String reason) {
            lines.add("unverified");
            throw new IllegalStateException("listeners may throw");
        }

        String next() throws InterruptedException {
            return String.valueOf(lines.poll(30, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @CsvSource({"REPORT, []", "STOP, '[acme/child@1.0.0, acme/tool@1.0.0]'"})
    void noticesARevocationWhilePluginsRun(TrustOptions.OnRevoked policy, String stopped)
            throws Exception {
        TestPlugin child = TestPlugin.recording("acme/child@1.0.0").requires("acme/tool", "^1");
        TestPlugin other = TestPlugin.recording("acme/other@1.0.0");
        registry.publish(tool).publish(child).publish(other);
        Told told = new Told();
        TrustOptions trust =
                registry.trust(folder)
                        .refresh(Duration.ofMillis(10))
                        .onRevoked(policy)
                        .listener(told)
                        .build();
        try (PluginLoader loader = PluginLoader.open(registry.host(folder, trust).build())) {
            var plan = new Plan(List.of(tool.step(), child.step(tool), other.step()));
            assertThat(loader.load(plan).complete()).isTrue();
            registry.revoke(tool, "malware");
            assertThat(told.next()).isEqualTo("revoked acme/tool@1.0.0 release-revoked " + stopped);
            List<String> left = new ArrayList<>();
            loader.plugins().forEach(plugin -> left.add(plugin.coordinate().plugin().name()));
            assertThat(left)
                    .containsExactlyInAnyOrderElementsOf(
                            policy == TrustOptions.OnRevoked.STOP
                                    ? List.of("other")
                                    : List.of("tool", "child", "other"));
            registry.close();
            assertThat(told.next()).startsWith("failed ");
        }
    }

    @Test
    void anUnexpectedExceptionEndsALookAndNotTheWatch() throws Exception {
        registry.publish(tool);
        Told told = new Told();
        AtomicBoolean broken = new AtomicBoolean();
        TrustOptions trust =
                registry.trust(folder)
                        .refresh(Duration.ofMillis(10))
                        .listener(told)
                        .clock(
                                () -> {
                                    if (broken.get()) {
                                        throw new IllegalStateException("the clock is broken");
                                    }
                                    return registry.clock().instant();
                                })
                        .build();
        try (PluginLoader loader = PluginLoader.open(registry.host(folder, trust).build())) {
            assertThat(loader.load(plan(tool)).complete()).isTrue();
            broken.set(true);
            assertThat(told.next()).isEqualTo("failed trust-state-unusable");
            broken.set(false);
            registry.revoke(tool, "malware");
            String news = told.next();
            while (news.startsWith("failed ")) {
                news = told.next();
            }
            assertThat(news).isEqualTo("revoked acme/tool@1.0.0 release-revoked []");
        }
    }

    @Test
    void pinsTheRootOfTheFirstUse() throws Exception {
        registry.publish(tool);
        Told told = new Told();
        TrustOptions trust =
                TrustOptions.pinnedOnFirstUse(folder.resolve("trust"))
                        .clock(registry.clock())
                        .refresh(Duration.ZERO)
                        .listener(told)
                        .build();
        assertThat(load(trust, tool).complete()).isTrue();
        assertThat(told.next())
                .isEqualTo("pinned " + Digest.ofBytes(Files.readAllBytes(registry.rootIn(folder))));
        try (TrustedRegistry other = new TrustedRegistry()) {
            other.publish(tool);
            try (PluginLoader loader = PluginLoader.open(other.host(folder, trust).build())) {
                LoadReport report = loader.load(plan(tool));
                assertThat(Reports.failed(report, "acme/tool").code()).isEqualTo("threshold");
            }
        }
    }

    @Test
    void withoutARootItGoesOnOnlyWhereNoneIsRequired() throws Exception {
        registry.publish(tool);
        registry.files().remove("/tuf/1.root.json");
        Told told = new Told();
        TrustOptionsBuilder optional =
                TrustOptions.beginning(new TrustRoot.FirstUse(false), folder.resolve("trust"));
        assertThat(trustOf(load(optional.listener(told).build(), tool)))
                .isEqualTo(PluginTrust.UNVERIFIED);
        assertThat(told.next()).isEqualTo("unverified");
        TrustOptions required = TrustOptions.pinnedOnFirstUse(folder.resolve("trust")).build();
        TrustOptions absent = TrustOptions.rootedIn(folder.resolve("no"), folder).build();
        for (TrustOptions trust : List.of(required, absent)) {
            assertThatThrownBy(() -> load(trust, tool))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            told2 -> assertThat(told2.code()).isEqualTo("no-trust-root"));
        }
    }
}
