package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** What the disk tier keeps, drops and evicts. */
final class DiskIT extends EdgeIT {

    private static final int MIB = 1 << 20;

    @Test
    void restartFindsWhatWasOnDisk() {
        Digest small = fill(5000, 1);
        Digest large = fill(3 * MIB, 2);
        restart();
        origin.close();
        assertThat(Digest.ofBytes(edge.get(FakeOrigin.path(small)).body())).isEqualTo(small);
        assertThat(Digest.ofBytes(edge.get(FakeOrigin.path(large)).body())).isEqualTo(large);
        assertThat(edge.get(FakeOrigin.path(large)).headers().firstValue("Last-Modified"))
                .hasValue("Sun, 01 Nov 2026 00:00:00 GMT");
        assertThat(edge.metric("modunest_edge_hits_total{tier=\"disk\",}")).isEqualTo(3);
    }

    @Test
    void killedProcessLeavesWholeObjectsAndNothingElse() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        byte[] half = TestEdge.bytes(2 * MIB, 3);
        Digest unfinished = Digest.ofBytes(half);
        origin.on(
                FakeOrigin.path(unfinished),
                x -> {
                    x.sendResponseHeaders(200, half.length);
                    x.getResponseBody().write(half, 0, MIB);
                    x.getResponseBody().flush();
                    never.await();
                });
        byte[] whole = TestEdge.bytes(3 * MIB, 4);
        Digest finished = origin.artifact(whole);
        edge.close();
        try (EdgeProcess killed = new EdgeProcess(origin.uri(), directory, "-Xmx64m")) {
            killed.get(FakeOrigin.path(finished)).readAllBytes();
            Path object = object(finished, whole.length);
            TestEdge.await("admitted", () -> Files.exists(object));
            InputStream body = killed.get(FakeOrigin.path(unfinished));
            assertThat(body.readNBytes(1000)).hasSize(1000);
            assertThat(directory.resolve("spool")).isNotEmptyDirectory();
        }
        edge = new TestEdge(origin.uri(), directory);
        assertThat(directory.resolve("spool")).isEmptyDirectory();
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isOne();
        origin.close();
        assertThat(edge.get(FakeOrigin.path(finished)).body()).isEqualTo(whole);
    }

    @Test
    void objectOfAnotherSizeIsDroppedAtTheStart() throws IOException {
        Digest digest = fill(5000, 5);
        edge.close();
        truncate(object(digest, 5000), 100);
        Files.writeString(directory.resolve("objects").resolve("stray"), "no object");
        edge = new TestEdge(origin.uri(), directory);
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isZero();
        assertThat(directory.resolve("objects").resolve("stray")).doesNotExist();
        assertThat(edge.get(FakeOrigin.path(digest)).body()).hasSize(5000);
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isEqualTo(2);
    }

    @Test
    void objectThatLosesItsSizeWhileRunningIsRefilled() throws IOException {
        Digest digest = fill(3 * MIB, 6);
        truncate(object(digest, 3 * MIB), 100);
        assertThat(edge.get(FakeOrigin.path(digest)).body()).hasSize(3 * MIB);
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isEqualTo(2);
        assertThat(edge.metric("modunest_edge_corrupt_total")).isOne();
    }

    @Test
    void objectThatDisappearsIsRefilled() throws IOException {
        Digest digest = fill(3 * MIB, 7);
        restart();
        Files.delete(object(digest, 3 * MIB));
        assertThat(edge.get(FakeOrigin.path(digest)).body()).hasSize(3 * MIB);
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isEqualTo(2);
    }

    @Test
    void smallObjectWithOtherBytesIsRefilled() throws IOException {
        Digest digest = fill(5000, 8);
        restart();
        try (FileChannel file = FileChannel.open(object(digest, 5000), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 17);
        }
        assertThat(Digest.ofBytes(edge.get(FakeOrigin.path(digest)).body())).isEqualTo(digest);
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isEqualTo(2);
    }

    @Test
    void quotaIsKeptAndWhatIsAskedForOftenStays() {
        restart("DISK_QUOTA", "9MiB", "DISK_MAX_OPEN_FILES", "1");
        Digest wanted = fill(3 * MIB, 9);
        fill(3 * MIB, 8);
        for (int i = 0; i < 5; i++) {
            edge.get(FakeOrigin.path(wanted));
        }
        for (int seed = 10; seed < 15; seed++) {
            fill(3 * MIB, seed);
        }
        assertThat(TestEdge.cacheStatus(edge.get(FakeOrigin.path(wanted)))).endsWith("; hit");
        assertThat(edge.metric("modunest_edge_evictions_total{tier=\"disk\",}"))
                .isGreaterThanOrEqualTo(3);
        assertThat(edge.metric("modunest_edge_tier_bytes{tier=\"disk\",}"))
                .isLessThanOrEqualTo(9 * MIB);
        assertThat(bytesOfObjects()).isLessThanOrEqualTo(9 * MIB);
    }

    @Test
    void aByteThatHasTurnedOverIsFoundOutAfterAStart() throws IOException {
        Digest digest = fill(3 * MIB, 16);
        edge.close();
        try (FileChannel file =
                FileChannel.open(object(digest, 3 * MIB), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), MIB);
        }
        restart();
        assertThat(Digest.ofBytes(edge.get(FakeOrigin.path(digest)).body())).isEqualTo(digest);
        assertThat(edge.metric("modunest_edge_corrupt_total")).isOne();
        assertThat(origin.count("GET", FakeOrigin.path(digest))).isEqualTo(2);
    }

    @Test
    void anObjectThatWasWrittenToIsHashedAgain() throws IOException {
        restart("DISK_MAX_OPEN_FILES", "1");
        Digest digest = fill(3 * MIB, 17);
        fill(3 * MIB, 18);
        try (FileChannel file =
                FileChannel.open(object(digest, 3 * MIB), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), MIB);
        }
        assertThat(Digest.ofBytes(edge.get(FakeOrigin.path(digest)).body())).isEqualTo(digest);
        assertThat(edge.metric("modunest_edge_corrupt_total")).isOne();
    }

    @Test
    void smallerQuotaIsKeptFromTheStart() {
        fill(3 * MIB, 13);
        fill(3 * MIB, 14);
        restart("DISK_QUOTA", "4MiB");
        assertThat(edge.metric("modunest_edge_tier_objects{tier=\"disk\",}")).isOne();
    }

    @Test
    void objectGreaterThanTheQuotaIsPassedThrough() {
        restart("DISK_QUOTA", "1MiB");
        Digest digest = origin.artifact(TestEdge.bytes(2 * MIB, 15));
        assertThat(edge.get(FakeOrigin.path(digest)).body()).hasSize(2 * MIB);
        assertThat(edge.metric("modunest_edge_fills_total{outcome=\"no-room\",}")).isOne();
    }

    @Test
    void memoryKeepsToItsBoundAndTheDiskServesTheRest() {
        restart("MEMORY_SIZE", "64KiB", "MEMORY_MAX_OBJECT", "32KiB");
        Digest[] digests = new Digest[8];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = fill(20_000, 20 + i);
        }
        for (Digest digest : digests) {
            assertThat(Digest.ofBytes(edge.get(FakeOrigin.path(digest)).body())).isEqualTo(digest);
        }
        TestEdge.await(
                "bound kept",
                () -> edge.metric("modunest_edge_tier_bytes{tier=\"memory\",}") <= 65_536);
        assertThat(edge.metric("modunest_edge_evictions_total{tier=\"memory\",}")).isPositive();
    }

    private long bytesOfObjects() {
        try (Stream<Path> files = Files.walk(directory.resolve("objects"))) {
            return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Digest fill(int size, long seed) {
        Digest digest = origin.artifact(TestEdge.bytes(size, seed));
        double before = edge.metric(FILLED);
        assertThat(edge.get(FakeOrigin.path(digest)).body()).hasSize(size);
        edge.awaitMetric(FILLED, before + 1);
        return digest;
    }

    private Path object(Digest digest, int size) {
        return directory
                .resolve("objects")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex() + "." + size);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
