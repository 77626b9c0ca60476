package dev.modunest.server.ceremony;

import dev.modunest.format.tuf.write.Layout;
import dev.modunest.server.attest.CheckPolicy;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.trust.TrustConfig;
import dev.modunest.server.trust.TrustFile;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The keys of a registry that is only tried out: made at its first start and renewed when they are
 * about to end, all in one directory.
 */
public final class Evaluation {

    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);
    private static final Duration EARLY = Duration.ofDays(30);

    private Evaluation() {}

    /** Makes and renews nothing unless {@code trust.evaluation} is set. */
    public static void prepare(TrustConfig config, InstantSource clock) {
        Path directory = config.directory().toAbsolutePath();
        if (!config.evaluation()) {
            warnOfOfflineKeys(directory);
            return;
        }
        if (!Files.exists(directory.resolve(TrustFile.NAME))) {
            make(config, directory, clock);
        } else {
            renew(directory, clock);
        }
    }

    private static void warnOfOfflineKeys(Path directory) {
        Path offline = directory.resolve("offline");
        if (Files.exists(offline)) {
            LOG.warn(
                    "{} is on a server: whoever has this machine can sign anything; move it to machines without a network, see ./modunest ceremony",
                    offline);
        }
    }

    private static Ceremony ceremony(Path directory, InstantSource clock) {
        return new Ceremony(directory, Map.of(), new Passphrase.None(), clock);
    }

    /** Beside its place and then moved, so that of two servers that start at once one makes it. */
    private static void make(TrustConfig config, Path directory, InstantSource clock) {
        LOG.warn(
                "making evaluation keys in {}: the offline keys are beside the others, so that whoever has this machine can sign anything; for a registry that others rely on use ./modunest ceremony",
                directory);
        Path next = directory.resolveSibling(directory.getFileName() + "." + UUID.randomUUID());
        ceremony(next, clock).everything(config.name());
        signFreshness(next, clock);
        try {
            Files.move(next, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException taken) {
            delete(next);
            if (!Files.exists(directory.resolve(TrustFile.NAME))) {
                throw new UncheckedIOException(directory + " cannot be made", taken);
            }
        }
    }

    private static void renew(Path directory, InstantSource clock) {
        Instant soon = clock.instant().plus(EARLY);
        TrustFile file = TrustFile.find(directory).orElseThrow();
        Ceremony ceremony = ceremony(directory, clock);
        boolean stamping = endsBefore(file, soon, TrustFile.TIME_STAMPING);
        if (stamping) {
            Certified part = new Certified.TimeStamping();
            byte[] request = ceremony.request(file.name(), part, Optional.empty());
            ceremony.install(
                    part,
                    ceremony.certify(file.name(), part, request),
                    file.certificate(TrustFile.ROOT));
        }
        if (endsBefore(file, soon, TrustFile.REGISTRY)) {
            ceremony.registry();
        }
        if (stamping || !hasPolicy(directory)) {
            Path _ = ceremony.trustedRoot();
        }
        signFreshness(directory, clock);
    }

    private static boolean hasPolicy(Path directory) {
        Path policy = directory.resolve(Layout.POLICY);
        try {
            return Files.exists(policy)
                    && Arrays.equals(Files.readAllBytes(policy), CheckPolicy.document());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(policy + " cannot be read", unreadable);
        }
    }

    private static void signFreshness(Path directory, InstantSource clock) {
        try {
            new TufEvaluation(directory, clock).prepare();
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "root and targets of " + directory + " cannot be made", failed);
        }
    }

    private static boolean endsBefore(TrustFile file, Instant soon, String part) {
        return file.certificate(part).getNotAfter().toInstant().isBefore(soon);
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path folder,
                                java.io.@org.jspecify.annotations.Nullable IOException failed)
                                throws IOException {
                            Files.delete(folder);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException failed) {
            throw new UncheckedIOException(directory + " cannot be deleted", failed);
        }
    }
}
